"""Who may ask for what: the one table of roles and service requests.

`resolvers/policy.py` decides what a viewer may see; this, what a viewer may do with what they see.
"""

from collections.abc import Mapping
from enum import Enum

from resolvers.viewer import Role, Viewer


class Subject(Enum):
    """What a kind of request is about: the client as a whole, or one contract and its vehicles."""

    CLIENT = "CLIENT"
    CONTRACT = "CONTRACT"


MAY_ASK: Mapping[Role, frozenset[Subject]] = {
    Role.OWNER: frozenset({Subject.CLIENT, Subject.CONTRACT}),
    Role.ACCOUNTANT: frozenset({Subject.CLIENT, Subject.CONTRACT}),
    Role.FLEET: frozenset({Subject.CONTRACT}),
    Role.READ_ONLY: frozenset(),
    Role.UNKNOWN: frozenset(),
}


def may_ask(viewer: Viewer | None, subject: Subject) -> bool:
    """Whether a viewer may submit, cancel and accept requests about such a subject."""
    return viewer is not None and subject in MAY_ASK[viewer.role]
