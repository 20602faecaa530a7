"""Follows the ERP's feed of changes: rights that it took away end, and streams are told of the rest."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from auth.errors import StoreUnavailable
from auth.service import Auth
from connectors.erp.changes import Change
from connectors.erp.port import ErpPort
from connectors.errors import MalformedRecord, UpstreamError

log = logging.getLogger(__name__)

CHANGED = "erp:changed"
"""The channel on which the changes of records are told to every gateway on the store, as JSON."""
POSITION = "erp:changes"
"""Where the store keeps how far the feed was followed."""
LEASE = "erp:follower"
"""Where it keeps which gateway follows."""

PAGE = 200
ACCOUNTS = "accounts"

_encode = msgspec.json.Encoder().encode
read_changes = msgspec.json.Decoder(tuple[Change, ...]).decode


class ChangeFollower:
    """One task. `seconds` is the rest between two looks at the feed.

    The position is stored behind what was done: a page that was interrupted is done again, which changes
    nothing more. Of gateways that share a store one follows; for the same reason no harm is done where two do
    for a moment.
    """

    def __init__(self, erp: ErpPort, auth: Auth, store: Redis, seconds: float) -> None:
        self._erp = erp
        self._auth = auth
        self._store = store
        self._seconds = seconds
        self._name = secrets.token_hex(8)
        self._lease_ms = round((3 * seconds + 5) * 1000)
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
            with suppress(TimeoutError, RedisError, OSError):
                if await self._is_ours():
                    await self._store.delete(LEASE)

    async def _follow(self) -> None:
        """Until it is stopped: what is down is waited for."""
        while not self._stopping:
            try:
                more = await self._holds_lease() and await self.step()
                self._failing = False
            except (UpstreamError, StoreUnavailable, RedisError, OSError) as error:
                more = False
                self._report(repr(error))
            except Exception:
                more = False
                if not self._failing:
                    log.exception("the ERP's changes can't be followed")
                self._failing = True
            if not (more or self._stopping):
                await asyncio.sleep(self._seconds)

    def _report(self, why: str) -> None:
        """Once for each time that it begins to fail."""
        if not self._failing:
            log.warning("the ERP's changes can't be followed now", extra={"why": why})
        self._failing = True

    async def _holds_lease(self) -> bool:
        if not await self._store.set(LEASE, self._name, nx=True, px=self._lease_ms):
            if not await self._is_ours():
                return False
            await self._store.pexpire(LEASE, self._lease_ms)
        return True

    async def _is_ours(self) -> bool:
        return bool(await self._store.get(LEASE) == self._name.encode())

    async def step(self) -> bool:
        """Does one page of changes; whether there may be more at once.

        Raises an UpstreamError, StoreUnavailable and what the store's client raises; then nothing counts as
        done.
        """
        position = int(await self._store.get(POSITION) or 0)
        changes = await self._erp.changes(position, PAGE)
        if changes.begun_anew:
            log.warning("the ERP's feed of changes has begun anew")
            await self._store.set(POSITION, 0)
            return True
        await self._follow_accounts([each.id for each in changes.items if each.collection == ACCOUNTS])
        records = [each for each in changes.items if each.collection != ACCOUNTS]
        if records:
            await self._store.publish(CHANGED, _encode(records))
        if changes.next == position:
            return False
        await self._store.set(POSITION, changes.next)
        return True

    async def _follow_accounts(self, logins: list[str]) -> None:
        logins = list(dict.fromkeys(logins))
        if logins:
            for login, account in zip(logins, await self._erp.accounts_by_login(logins), strict=True):
                if isinstance(account, MalformedRecord):  # nobody can tell what it allows now
                    log.error("an account record can't be read: %s", account.reason)
                    await self._auth.sessions.end_all_of(login)
                else:
                    await self._auth.accounts.changed(login, account)
