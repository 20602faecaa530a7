"""What each role may change: one table, by the thing that a mutation is named after, and its subject.

Reading is not bound to a role: every user reads everything of the clients that they act for (`policy.py`).
A mutation of a thing without a row is nobody's, and an internal tool changes nothing.
"""

import re
from collections.abc import Mapping
from enum import Enum

from resolvers.errors import Forbidden
from resolvers.viewer import Asker, Role, Tool, Viewer


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


def check(asker: Asker, mutation: str) -> None:
    """Raises Forbidden for a role that may not, and for every tool.

    What has a subject passes: whether it may be is told as data, by `may_ask`, beside what is to be mended.
    """
    if isinstance(asker, Tool):
        raise Forbidden(f"An internal tool only reads: it may not do '{mutation}'.")
    thing = thing_of(mutation)
    if thing is None or asker.role not in MAY_CHANGE.get((thing, None), EVERYBODY):
        raise Forbidden(f"The role {asker.role.value} may not do '{mutation}'.")


def may_ask(viewer: Viewer | None, subject: Subject) -> bool:
    """Whether a viewer may submit, cancel and accept requests about such a subject."""
    return viewer is not None and viewer.role in MAY_CHANGE["serviceRequest", subject]


def may_ask_anything(viewer: Viewer | None) -> bool:
    """Whether there is any subject about which a viewer may ask, and so upload files for."""
    return any(may_ask(viewer, subject) for subject in Subject)
