"""What each role may change, by the thing that a mutation is named after.

Reading is not bound to a role: every user reads everything of the clients that they act for (`policy.py`).
A mutation of a thing without a row is nobody's.
"""

import re

from resolvers.errors import Forbidden
from resolvers.viewer import Role, Viewer

EVERYBODY = frozenset(Role)
"""For what concerns nobody but the user, such as what they have read."""

MAY_CHANGE: dict[str, frozenset[Role]] = {
    "notification": EVERYBODY,
    "promotion": EVERYBODY,
    "serviceRequest": frozenset({Role.OWNER, Role.ACCOUNTANT, Role.FLEET}),
}


def thing_of(mutation: str) -> str | None:
    """The row of a mutation: `serviceRequest` of `serviceRequestPolicyDuplicateSubmit`."""
    return next((thing for thing in MAY_CHANGE if re.match(rf"{thing}[A-Z]", mutation)), None)


def check(viewer: Viewer, mutation: str) -> None:
    """Raises Forbidden where the viewer's role may not."""
    thing = thing_of(mutation)
    if thing is None or viewer.role not in MAY_CHANGE[thing]:
        raise Forbidden(viewer.role.value, mutation)
