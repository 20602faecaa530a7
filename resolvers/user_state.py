"""What the portal remembers of each user: what they dismissed, read, and how many they invited.

A port that gateway/ fills.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Protocol

from resolvers.loading import Loader
from resolvers.operation import Operation


class Mark(Enum):
    """What a user did with a thing."""

    DISMISSED_PROMOTION = "dismissed-promotion"
    READ_NOTIFICATION = "read-notification"


class UserState(Protocol):
    """Marks by login. Every method may raise an UpstreamError that names the state store."""

    async def marks(self, login: str, mark: Mark) -> Mapping[str, datetime]:
        """The keys of the things with this mark, and since when (UTC)."""

    async def set_mark(self, login: str, mark: Mark, key: str, at: datetime) -> datetime:
        """Marks a thing, unless it is marked already; since when it is."""

    async def count_invitation(self, login: str) -> int:
        """One more: how many people the user invited since the first of the last 24 hours."""


async def _marks(op: Operation, logins: Sequence[str], mark: Mark) -> list[Mapping[str, datetime]]:
    return [await op.user_state.marks(login, mark) for login in logins]


marks_by_login: Loader[Mapping[str, datetime]] = Loader(_marks)


async def marks_of_viewer(op: Operation, mark: Mark) -> Mapping[str, datetime]:
    """The viewer's marks; a tool and a stranger have none."""
    return await marks_by_login.load(op, op.viewer.login, mark) if op.viewer else {}


async def mark_for_viewer(op: Operation, mark: Mark, key: str) -> None:
    """Marks a thing for the viewer, once."""
    if op.viewer is None:
        return
    await op.user_state.set_mark(op.viewer.login, mark, key, datetime.now(UTC))
    marks_by_login.forget(op, op.viewer.login, mark)
