"""Viewer: who is logged in."""

from typing import Any

import strawberry

from resolvers.clients import clients_of_viewer
from schema.client import Client
from schema.connection import ABSENT, After, Connection, First
from schema.fields import Info, computed, described


@strawberry.type(description="A person who uses the portal for one or more clients.")
class PortalUser:
    login: str = described("Login: the client number carried over from the e-invoice system.")
    display_name: str = described("What to call the person.")
    role: str = described("What the person may do: OWNER, ACCOUNTANT, FLEET or READ_ONLY.")


async def _clients(info: Info, first: First = 20, after: After = ABSENT) -> Any:
    return await clients_of_viewer(info.context, first, after or None)


@strawberry.type(description="Who is logged in, and the root of what they may see.")
class Viewer:
    user: PortalUser = computed(lambda viewer: viewer, "The person.")
    clients: Connection[Client] | None = strawberry.field(
        resolver=_clients, description="The clients that the person acts for, by number."
    )
