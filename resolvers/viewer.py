"""Who is asking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Viewer:
    """A portal user: the clients whose data they may see, and the role they have there."""

    login: str
    display_name: str
    role: str
    client_numbers: frozenset[str]
