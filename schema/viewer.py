"""Viewer: who is logged in."""

from collections.abc import Sequence
from typing import Any

import strawberry

from execution.reading import BATCH
from resolvers.clients import clients_of_viewer
from resolvers.operation import Operation
from resolvers.promotions import promotions_of_viewer
from schema.client import Client
from schema.client_inbox import IncludeDismissed
from schema.connection import ABSENT, After, Connection, First
from schema.fields import ALWAYS, COST, Info, identified
from schema.portal_user import PortalUser
from schema.promotion import Promotion


async def _clients(info: Info, first: First = 20, after: After = ABSENT) -> Any:
    return await clients_of_viewer(info.context, first, after or None)


async def _clients_each(
    op: Operation, viewers: Sequence[Any], first: int | None = 20, after: Any = ABSENT
) -> Any:
    return [await clients_of_viewer(op, first, after or None)] * len(viewers)


async def _promotions(info: Info, include_dismissed: IncludeDismissed = False) -> Any:
    return await promotions_of_viewer(info.context, include_dismissed)


@strawberry.type(description="Who is logged in, and the root of what they may see.")
class Viewer:
    user: PortalUser = identified(lambda viewer: viewer, "The person.")
    clients: Connection[Client] | None = strawberry.field(
        resolver=_clients,
        description="The clients that the person acts for, by number.",
        metadata={**ALWAYS, BATCH: _clients_each, COST: 0},  # one key, whoever asks
    )
    promotions: list[Promotion | None] | None = strawberry.field(
        resolver=_promotions,
        description="What is offered to any of the person's clients on the back office's day, each once, the "
        "most important first.",
        metadata=ALWAYS,
    )
