"""PortalUser: a person who uses the portal."""

from datetime import datetime
from typing import Any

import strawberry

from resolvers.derived import derived
from resolvers.operation import Operation
from resolvers.users import email_of, is_viewer, last_login_of
from resolvers.viewer import Role
from schema.fields import computed, described, enum, related
from schema.message import masked

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


async def _email(op: Operation, user: Any) -> str | None:
    email = await email_of(op, user)
    return email if email is None or is_viewer(op, user) else masked(email)


@strawberry.type(description="A person who uses the portal for one or more clients.")
class PortalUser:
    login: str = described(
        "Login: the client number carried over from the e-invoice system, or what an invited user got."
    )
    display_name: str = described("What to call the person.")
    role: Role = computed(derived(lambda role: Role(role)), "What the person may do.")
    email: str | None = related(_email, "Address for invitations and PINs; masked unless it is one's own.")
    last_login_at: datetime | None = related(last_login_of, "When the person last logged in; null for never.")
