"""The systems that the settings ask for, opened, and each part from its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from connectors.erp.changes import ChangeFeed
from connectors.mail.port import MailSender
from connectors.resilience import Guard
from gateway.settings import Settings
from gateway.systems.kind import ERP_PARTS, Surroundings
from gateway.systems.routing import routed
from resolvers.backoffice import BackOffice


@dataclass(frozen=True, slots=True)
class OpenSystem:
    """A system that something comes from: its port for each such part. `feed` is None where it tells of no
    changes, `guard` where calls pass none."""

    name: str
    kind: str
    ports: dict[str, Any]
    feed: ChangeFeed | None
    guard: Guard | None


@dataclass(frozen=True, slots=True)
class Systems:
    """Every system that the gateway speaks to, once each in `all`."""

    backoffice: BackOffice
    sender: MailSender
    all: tuple[OpenSystem, ...]


@asynccontextmanager
async def open_systems(settings: Settings, *, make_folders: bool = True) -> AsyncIterator[Systems]:
    """The connectors, closed in the end. Nothing is connected yet: a system may be down when we start."""
    surroundings = Surroundings(
        settings.mail_from,
        settings.leasing_company,
        settings.documents_dir if make_folders else None,
        settings.system_connections,
        settings.system_queue,
        settings.share_reads,
    )
    async with AsyncExitStack() as stack:
        systems = []
        for each in routed(settings):
            name, kind = each.system.name, each.system.kind
            opened = await kind.open(name, each.system.keys, surroundings, stack)
            ports = {part: opened.ports[part] for part in each.parts}
            feed = opened.feed if ERP_PARTS.keys() & each.parts else None  # it tells of those alone
            systems.append(OpenSystem(name, kind.name, ports, feed, opened.guard))
        parts = {part: port for system in systems for part, port in system.ports.items()}
        sender = parts.pop("sending")
        yield Systems(BackOffice(**parts, ksef_qr_url=settings.ksef_qr_url), sender, tuple(systems))
