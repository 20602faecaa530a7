"""What auth/ does for portal users on behalf of the graph. A port that gateway/ fills."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol

from resolvers.loading import Loader
from resolvers.operation import Operation


class Invitation(Enum):
    """What came of an invitation: on its way, not needed, or not now."""

    SENT = "SENT"
    ALREADY_ACTIVE = "ALREADY_ACTIVE"
    TOO_MANY = "TOO_MANY"


class Credentials(Protocol):
    """By login. Every method may raise an UpstreamError that names the state store or the ERP."""

    async def invite(self, login: str) -> Invitation:
        """Mails the link to the first login, which replaces an earlier one."""

    async def end_sessions(self, login: str) -> None:
        """Ends every session and every open credential flow, before it returns."""

    async def last_logins(self, logins: Sequence[str]) -> Sequence[datetime | None]:
        """When each last logged in (UTC), aligned; None for never."""


async def _last_logins(op: Operation, logins: Sequence[str]) -> list[datetime | None]:
    return list(await op.credentials.last_logins(logins))


last_logins_by_login: Loader[datetime | None] = Loader(_last_logins)
