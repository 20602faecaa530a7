"""Follows the ERP's feed of account changes, so that nobody keeps rights that the back office took away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from auth.errors import StoreUnavailable
from auth.service import Auth
from connectors.erp.port import ErpPort
from connectors.errors import MalformedRecord, UpstreamError

log = logging.getLogger(__name__)

POSITION = "erp:account-changes"
"""Where the store keeps how far the feed was followed."""

PAGE = 200


class AccountFollower:
    """One task. `seconds` is the rest between two looks at the feed.

    The position is stored behind what was done: a page that was interrupted is done again, which changes
    nothing more. Gateways that share a store each follow the feed, and agree for the same reason.
    """

    def __init__(self, erp: ErpPort, auth: Auth, store: Redis, seconds: float) -> None:
        self._erp = erp
        self._auth = auth
        self._store = store
        self._seconds = seconds
        self._failing = False
        self._stopping = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follows while the block runs."""
        task = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            self._stopping = True  # a cancellation that meets a timeout may be lost in it
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _follow(self) -> None:
        """Until it is stopped: what is down is waited for."""
        while not self._stopping:
            try:
                more = await self.step()
                self._failing = False
            except (UpstreamError, StoreUnavailable, RedisError, OSError) as error:
                more = False
                self._report(repr(error))
            except Exception:
                more = False
                if not self._failing:
                    log.exception("account changes can't be followed")
                self._failing = True
            if not (more or self._stopping):
                await asyncio.sleep(self._seconds)

    def _report(self, why: str) -> None:
        """Once for each time that it begins to fail."""
        if not self._failing:
            log.warning("account changes can't be followed now", extra={"why": why})
        self._failing = True

    async def step(self) -> bool:
        """Does one page of changes; whether there may be more at once.

        Raises an UpstreamError, StoreUnavailable and what the store's client raises; then nothing counts as
        done.
        """
        position = int(await self._store.get(POSITION) or 0)
        changes = await self._erp.account_changes(position, PAGE)
        if changes.begun_anew:
            log.warning("the feed of account changes has begun anew")
            await self._store.set(POSITION, 0)
            return True
        logins = list(dict.fromkeys(changes.logins))
        if logins:
            for login, account in zip(logins, await self._erp.accounts_by_login(logins), strict=True):
                if isinstance(account, MalformedRecord):  # nobody can tell what it allows now
                    log.error("an account record can't be read: %s", account.reason)
                    await self._auth.sessions.end_all_of(login)
                else:
                    await self._auth.accounts.changed(login, account)
        if changes.next == position:
            return False
        await self._store.set(POSITION, changes.next)
        return True
