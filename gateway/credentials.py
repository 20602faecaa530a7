"""The graph's port to auth: invitations, sessions that end, last logins."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from auth.errors import DirectoryUnavailable, StoreUnavailable, TooManyInvitations
from auth.service import Auth
from connectors.errors import UpstreamUnavailable
from gateway.user_state import SYSTEM
from resolvers.credentials import Invitation

log = logging.getLogger(__name__)


class AuthCredentials:
    """See `resolvers.credentials.Credentials`. `directory` names the system that has the accounts."""

    def __init__(self, auth: Auth, directory: str) -> None:
        self._auth = auth
        self._directory = directory

    async def invite(self, login: str) -> Invitation:
        try:
            with self._named():
                invited = await self._auth.invite(login)
        except TooManyInvitations:
            return Invitation.TOO_MANY
        except UpstreamUnavailable as error:
            log.warning("a user was not invited", extra={"upstream": error.system})
            raise
        return Invitation.SENT if invited else Invitation.ALREADY_ACTIVE

    async def end_sessions(self, login: str) -> None:
        with self._named():
            await self._auth.sessions.end_all_of(login)

    async def last_logins(self, logins: Sequence[str]) -> list[datetime | None]:
        with self._named():
            return await self._auth.accounts.last_logins(logins)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """auth's errors, with the name of the system that failed."""
        try:
            yield
        except StoreUnavailable as error:
            raise UpstreamUnavailable(SYSTEM) from error
        except DirectoryUnavailable as error:
            raise UpstreamUnavailable(self._directory) from error
