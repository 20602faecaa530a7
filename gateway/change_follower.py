"""Follows a system's feed of changes: rights that it took away end, and streams are told of the rest."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from auth.errors import StoreUnavailable
from auth.service import Auth
from connectors.caching.store import AnswerStore
from connectors.erp.changes import PART_OF, Change, ChangeFeed
from connectors.erp.ports.users import AccountPort
from connectors.errors import MalformedRecord, UpstreamError
from gateway.store_client import why

log = logging.getLogger(__name__)

CHANGED = "erp:changed"
"""The channel on which the changes of records are told to every gateway on the store, as JSON."""
POSITION = "{}:changes"
"""Where the store keeps how far the feed of a system was followed."""
LEASE = "{}:follower"
"""Where it keeps which gateway follows it."""

PAGE = 200
ACCOUNTS = "accounts"

_encode = msgspec.json.Encoder().encode
read_changes = msgspec.json.Decoder(tuple[Change, ...]).decode


class ChangeFollower:
    """One task, for one system. `seconds` is the rest between two looks at its feed.

    `parts` are those that come from the system: what it tells of others is not its to tell. `cache` is
    emptied of what changed.

    The position is stored behind what was done: a page that was interrupted is done again, which changes
    nothing more. Of gateways that share a store one follows; for the same reason no harm is done where two do
    for a moment.
    """

    def __init__(
        self,
        feed: ChangeFeed,
        parts: Collection[str],
        users: AccountPort,
        auth: Auth,
        store: Redis,
        seconds: float,
        cache: AnswerStore | None = None,
    ) -> None:
        self._feed = feed
        self._position = POSITION.format(feed.system)
        self._lease = LEASE.format(feed.system)
        self._collections = {collection for collection, part in PART_OF.items() if part in parts}
        self._users = users
        self._auth = auth
        self._store = store
        self._seconds = seconds
        self._cache = cache
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
                    await self._store.delete(self._lease)

    async def _follow(self) -> None:
        """Until it is stopped: what is down is waited for."""
        while not self._stopping:
            try:
                more = await self._holds_lease() and await self.step()
                self._failing = False
            except (UpstreamError, StoreUnavailable, RedisError, OSError) as error:
                more = False
                self._report(why(error))
            except Exception:
                more = False
                if not self._failing:
                    log.exception("changes can't be followed", extra={"upstream": self._feed.system})
                self._failing = True
            if not (more or self._stopping):
                await asyncio.sleep(self._seconds)

    def _report(self, why: str) -> None:
        """Once for each time that it begins to fail."""
        if not self._failing:
            log.warning("changes can't be followed now", extra={"upstream": self._feed.system, "why": why})
        self._failing = True

    async def _holds_lease(self) -> bool:
        if not await self._store.set(self._lease, self._name, nx=True, px=self._lease_ms):
            if not await self._is_ours():
                return False
            await self._store.pexpire(self._lease, self._lease_ms)
        return True

    async def _is_ours(self) -> bool:
        return bool(await self._store.get(self._lease) == self._name.encode())

    async def step(self) -> bool:
        """Does one page of changes; whether there may be more at once.

        Raises an UpstreamError, StoreUnavailable and what the store's client raises; then nothing counts as
        done.
        """
        position = int(await self._store.get(self._position) or 0)
        changes = await self._feed.changes(position, PAGE)
        if changes.begun_anew:
            log.warning("the feed of changes has begun anew", extra={"upstream": self._feed.system})
            if self._cache is not None:
                await self._cache.empty(None)
            await self._store.set(self._position, 0)
            return True
        ours = [each for each in changes.items if each.collection in self._collections]
        await self._follow_accounts([each.id for each in ours if each.collection == ACCOUNTS])
        records = [each for each in ours if each.collection != ACCOUNTS]
        if self._cache is not None:
            await self._empty(self._cache, records)
        if records:
            await self._store.publish(CHANGED, _encode(records))
        if changes.next == position:
            return False
        await self._store.set(self._position, changes.next)
        return True

    async def _empty(self, cache: AnswerStore, records: list[Change]) -> None:
        """All of a client whose record changed, since records lean on each other; before anybody is told.

        Without records it does what is left to be done.
        """
        clients = {each.client_number for each in records}
        await cache.empty(None if None in clients else {each for each in clients if each is not None})

    async def _follow_accounts(self, logins: list[str]) -> None:
        logins = list(dict.fromkeys(logins))
        if logins:
            for login, account in zip(logins, await self._users.accounts_by_login(logins), strict=True):
                if isinstance(account, MalformedRecord):  # nobody can tell what it allows now
                    log.error("an account record can't be read: %s", account.reason)
                    await self._auth.sessions.end_all_of(login)
                else:
                    await self._auth.accounts.changed(login, account)
