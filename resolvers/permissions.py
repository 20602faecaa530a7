"""What each role may change: one table, by the thing that a mutation is named after, and its subject.

Reading is not bound to a role: every user reads everything of the clients that they act for (`policy.py`).
A mutation of a thing without a row is nobody's.
"""

import re
from collections.abc import Mapping
from enum import Enum

from resolvers.errors import Forbidden
from resolvers.viewer import Role, Viewer


class Subject(Enum):
    """What a kind of request is about: the client as a whole, or one contract and its vehicles."""

    CLIENT = "CLIENT"
    CONTRACT = "CONTRACT"


EVERYBODY = frozenset(Role)
"""For what concerns nobody but the user, such as what they have read."""

MAY_CHANGE: Mapping[tuple[str, Subject | None], frozenset[Role]] = {
    ("notification", None): EVERYBODY,
    ("promotion", None): EVERYBODY,
    ("portalUser", None): frozenset({Role.OWNER}),
    ("serviceRequest", Subject.CLIENT): frozenset({Role.OWNER, Role.ACCOUNTANT}),
    ("serviceRequest", Subject.CONTRACT): frozenset({Role.OWNER, Role.ACCOUNTANT, Role.FLEET}),
}


def thing_of(mutation: str) -> str | None:
    """What a mutation is named after: `serviceRequest` of `serviceRequestPolicyDuplicateSubmit`."""
    return next((thing for thing, _ in MAY_CHANGE if re.match(rf"{thing}[A-Z]", mutation)), None)


def check(viewer: Viewer, mutation: str) -> None:
    """Raises Forbidden where the viewer's role may not.

    What has a subject passes: whether it may be is told as data, by `may_ask`, beside what is to be mended.
    """
    thing = thing_of(mutation)
    if thing is None or viewer.role not in MAY_CHANGE.get((thing, None), EVERYBODY):
        raise Forbidden(viewer.role.value, mutation)


def may_ask(viewer: Viewer | None, subject: Subject) -> bool:
    """Whether a viewer may submit, cancel and accept requests about such a subject."""
    return viewer is not None and viewer.role in MAY_CHANGE["serviceRequest", subject]
