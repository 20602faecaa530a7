"""Viewer: who is logged in."""

from typing import Any

import strawberry

from resolvers.clients import clients_of_viewer
from resolvers.viewer import Role
from schema.client import Client
from schema.connection import ABSENT, After, Connection, First
from schema.fields import Info, computed, described, enum

enum(
    Role,
    "What a person may do for the clients.",
    {
        "OWNER": "Everything, other users included.",
        "ACCOUNTANT": "Invoices, payments and requests.",
        "FLEET": "Contracts, vehicles and requests about them.",
        "READ_ONLY": "Reading only.",
    },
)


@strawberry.type(description="A person who uses the portal for one or more clients.")
class PortalUser:
    login: str = described("Login: the client number carried over from the e-invoice system.")
    display_name: str = described("What to call the person.")
    role: Role = described("What the person may do.")


async def _clients(info: Info, first: First = 20, after: After = ABSENT) -> Any:
    return await clients_of_viewer(info.context, first, after or None)


@strawberry.type(description="Who is logged in, and the root of what they may see.")
class Viewer:
    user: PortalUser = computed(lambda viewer: viewer, "The person.")
    clients: Connection[Client] | None = strawberry.field(
        resolver=_clients, description="The clients that the person acts for, by number."
    )
