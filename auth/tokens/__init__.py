"""Tokens: what a bearer token grants, the families they come in, and the keys that sign them."""

from dataclasses import dataclass

from auth.sessions import Session


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bearer token says, checked against the store.

    `session` is the user for whom the client acts; None for a tool, which acts for itself.
    """

    client_id: str
    client_name: str
    scopes: frozenset[str]
    session: Session | None
