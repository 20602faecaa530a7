"""One harmless call for each part of each system: a read that needs the key, of what nobody has."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from connectors import deadline
from connectors.documents.queries import DocumentFilter
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord, UpstreamError, UpstreamTimeout
from connectors.mail.port import Correspondent
from gateway.assembly import OpenSystem, open_systems
from gateway.cli.check_remedies import remedy
from gateway.cli.checked import Checked
from gateway.settings import Settings
from gateway.systems.reading import System
from gateway.systems.routing import routed

NOBODY: Final = ("0",)
PROBES: Final[Mapping[str, Callable[[Any], Awaitable[Any]]]] = {
    "clients": lambda port: port.clients_by_number(NOBODY),
    "users": lambda port: port.accounts_by_login(NOBODY),
    "contracts": lambda port: port.contracts_by_number(NOBODY),
    "books": lambda port: port.invoices_by_number(NOBODY),
    "requests": lambda port: port.service_requests_by_number(NOBODY),
    "promotions": lambda port: port.promotions_by_client(NOBODY),
    "notifications": lambda port: port.notifications_by_id(NOBODY),
    # Lists: of an id that can't be one of theirs some stores know without asking that there is none.
    "documents": lambda port: port.documents_by_client(NOBODY, DocumentFilter(), Slice(1)),
    "mail": lambda port: port.message_counts_by_address([Correspondent("nobody@example.com", "0")]),
    "sending": lambda port: port.health(),  # greets, encrypts, logs in, and says NOOP
}
"""By part."""


async def check_systems(settings: Settings, seconds: float) -> list[Checked]:
    """All at once, each within `seconds`."""
    configured = {each.system.name: each.system for each in routed(settings)}
    async with open_systems(settings) as systems:
        return list(
            await asyncio.gather(
                *(_check(settings, configured[each.name], each, seconds) for each in systems.all)
            )
        )


async def _check(settings: Settings, system: System, opened: OpenSystem, seconds: float) -> Checked:
    """One problem speaks for the system, with the parts that have any."""
    parts = tuple(opened.ports)
    found = await asyncio.gather(*(_try(PROBES[part], port, seconds) for part, port in opened.ports.items()))
    problems = {part: each for part, each in zip(parts, found, strict=True) if isinstance(each, Exception)}
    took = [each for each in found if isinstance(each, float)]
    if not problems:
        return Checked(opened.name, opened.kind, parts, ok=True, ms=round(max(took), 1))
    # One with a cause tells more than one that follows from it.
    first = next((each for each in problems.values() if each.__cause__), next(iter(problems.values())))
    words = remedy(settings, system, first)
    if len(problems) < len(parts):
        words = f"{words} ({', '.join(problems)} only)"
    code = first.code if isinstance(first, UpstreamError) else "UNAVAILABLE"
    ms = round(max(took), 1) if took else None
    return Checked(opened.name, opened.kind, parts, ok=False, ms=ms, problem=code, remedy=words)


async def _try(probe: Callable[[Any], Awaitable[Any]], port: Any, seconds: float) -> float | UpstreamError:
    """The milliseconds that it took, or what went wrong."""
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(seconds):
            with deadline.within(seconds):
                await probe(port)
    except MalformedRecord:
        pass
    except UpstreamError as error:
        return error
    except TimeoutError:
        return UpstreamTimeout(port.system)
    return (time.perf_counter() - begun) * 1000
