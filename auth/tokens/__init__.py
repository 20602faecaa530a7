"""Access tokens: what a bearer was granted."""

from dataclasses import dataclass

from auth.sessions import Session


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token says: which client holds it, and what it may do.

    With a `session` the token is a user's; without one it is an internal tool's own.
    """

    client_id: str
    client_name: str
    scopes: frozenset[str]
    session: Session | None
