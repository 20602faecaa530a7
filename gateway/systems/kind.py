"""What a kind of system is: its keys in the settings, the parts that it offers, and how it is opened."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from connectors.erp.changes import ChangeFeed
from connectors.resilience import Guard

ERP_PARTS: Final = {
    "clients": "Who the clients are.",
    "users": "Who logs in, for which clients and in which role.",
    "contracts": "Contracts, schedules, policies.",
    "books": "Invoices, payments, what settles what, balances.",
    "requests": "Service requests, and what they cost.",
    "promotions": "What clients are offered.",
    "notifications": "What clients were told.",
}
PARTS: Final = {
    **ERP_PARTS,
    "documents": "Files to read and uploads to keep.",
    "mail": "The archive of mails to and from clients.",
    "sending": "The way by which the gateway's own mails leave.",
}
"""What can be routed to a system, by its name in `[sources]`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the settings of the gateway itself have for systems.

    `own_documents` is the folder of documents in the data folder, which is made where it is missing; None
    where nothing is to be made. `connections` and `queue` bound the calls to each system, `share_reads` makes
    equal ones one.
    """

    mail_from: str
    leasing_company: str
    own_documents: Path | None
    connections: int = 20
    queue: int = 1000
    share_reads: bool = True

    def guard(self, system: str, timeout: float) -> Guard:
        """One for a system; every call to it is to pass there."""
        return Guard(
            system,
            timeout=timeout,
            connections=self.connections,
            queue=self.queue,
            share_reads=self.share_reads,
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """An open system: the port of each part that it offers, its feed of changes, if it has one, and the guard
    that calls to it pass, if they pass one."""

    ports: Mapping[str, Any]
    feed: ChangeFeed | None = None
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of system. `keys` is a dataclass of `gateway.setting.setting`s.

    `open` gets the system's name, its keys, the surroundings, and where to push what is closed in the end.
    Nothing is connected by it: a system may be down when we start.
    """

    name: str
    about: str
    parts: tuple[str, ...]
    keys: type
    open: Callable[[str, Any, Surroundings, AsyncExitStack], Awaitable[Opened]]
