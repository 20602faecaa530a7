"""Who is asking."""

from dataclasses import dataclass
from typing import TypeAlias

from connectors.record import Code


class Role(Code):
    """What a portal user may do for the clients. A role that we don't know may do least."""

    OWNER = "OWNER"
    ACCOUNTANT = "ACCOUNTANT"
    FLEET = "FLEET"
    READ_ONLY = "READ_ONLY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A portal user: the clients whose data they may see, and the role they have there."""

    login: str
    display_name: str
    role: Role
    client_numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tool:
    """An internal tool of the leasing company: it reads of every client what its scopes cover
    (`resolvers.scopes`), and changes nothing."""

    client_id: str
    display_name: str
    scopes: frozenset[str]


Asker: TypeAlias = Viewer | Tool
