"""What each role may change: by the thing that a mutation is named after, and for requests by their subject.

Reading is not bound to a role: every user reads everything of the clients that they act for (`policy.py`).
A mutation of a thing without a row is nobody's, and an internal tool changes nothing.
"""

import re
from collections.abc import Mapping
from enum import Enum

from resolvers.errors import Forbidden
from resolvers.viewer import Asker, Role, Tool, Viewer

EVERYBODY = frozenset(Role)
"""For what concerns nobody but the user, such as what they have read."""

MAY_CHANGE: Mapping[str, frozenset[Role]] = {
    "notification": EVERYBODY,
    "promotion": EVERYBODY,
    "serviceRequest": EVERYBODY,  # which requests, says MAY_ASK: it is told as data, with what may be mended
}


def thing_of(mutation: str) -> str | None:
    """The row of a mutation: `serviceRequest` of `serviceRequestPolicyDuplicateSubmit`."""
    return next((thing for thing in MAY_CHANGE if re.match(rf"{thing}[A-Z]", mutation)), None)


def check(asker: Asker, mutation: str) -> None:
    """Raises Forbidden for a role that may not, and for every tool."""
    if isinstance(asker, Tool):
        raise Forbidden(f"An internal tool only reads: it may not do '{mutation}'.")
    thing = thing_of(mutation)
    if thing is None or asker.role not in MAY_CHANGE[thing]:
        raise Forbidden(f"The role {asker.role.value} may not do '{mutation}'.")


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


def may_ask_anything(viewer: Viewer | None) -> bool:
    """Whether there is any subject about which a viewer may ask, and so upload files for."""
    return any(may_ask(viewer, subject) for subject in Subject)
