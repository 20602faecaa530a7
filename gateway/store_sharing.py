"""redis-py's client, in which the plain commands of all callers share one connection."""

import asyncio
import logging
from collections.abc import Sequence
from copy import copy
from typing import Any, Final, cast

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import ResponseError

from gateway.store_connection import SharedConnection
from gateway.store_counts import StoreCounts
from gateway.store_tracking import TRACK, Lease

log = logging.getLogger(__name__)

SHARED: Final = frozenset({
    "DEL", "EVALSHA", "GET", "HGET", "HGETALL", "HSETNX", "INFO", "PEXPIRE", "PING", "PUBLISH", "SET",
    "UNLINK", "XRANGE",
})  # fmt: skip
"""Commands that are quick, and change nothing of the connection by which they come."""

_RESP3: Final = 3


class SharingClient(Redis):
    """Whatever needs a connection of its own has one of the pool: pub/sub, pipelines, `client()`, and every
    command that `SHARED` does not name.

    redis-py takes one from the pool for each command, which costs the gateway ten times the CPU. What it does
    beyond asking for users' commands is left out here: retries (we want none), and OpenTelemetry.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.counts = StoreCounts()
        """Of the commands that share a connection."""
        self._shared: SharedConnection | None = None
        self._opened: list[SharedConnection] = []
        self._opening: asyncio.Task[SharedConnection] | None = None

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        name = args[0]
        if name not in SHARED or self.single_connection_client:
            return await self._by_the_pool(*args, **options)
        try:
            command = hiredis.pack_command(args)
        except TypeError:
            return await self._by_the_pool(*args, **options)  # it says what is wrong
        shared = self._shared
        if shared is None or not shared.usable:
            shared = await self._open()
        answer = await shared.ask(command)
        if name in self.response_callbacks:
            options.pop("keys", None)  # redis-py has them for a cache of its own
            return self.response_callbacks[name](answer, **options)
        return answer

    async def read_leased(self, keys: Sequence[str], *args: str | int) -> tuple[Any, Lease | None]:
        """The answer to a command of `SHARED` that reads these keys, as the server gave it, and a lease on
        them; None where the server tells of no changes.
        """
        command = hiredis.pack_command(cast("Any", args))
        shared = self._shared
        if shared is None or not shared.usable:
            shared = await self._open()
        answer, lease = shared.ask_leased(command, keys)
        return await answer, lease

    def end_leases(self, keys: Sequence[str]) -> None:
        """Those that were had until now: this process changed these keys, by whatever connection."""
        if self._shared is not None:
            self._shared.end_leases(keys)

    async def _by_the_pool(self, *args: Any, **options: Any) -> Any:
        return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def leave(self) -> None:
        """There is a new master: the next command connects anew."""
        if self._shared is not None:
            self._shared.retire()

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait({self._opening})
        for each in self._opened:
            each.close(LostConnection("the store's client is closed"))
            await each.connection.disconnect()
        self._opened.clear()
        await super().aclose(close_connection_pool)

    async def _open(self) -> SharedConnection:
        """All who come meanwhile wait for one attempt. Each may be cancelled, without an end to it."""
        opening = self._opening
        if opening is None:
            opening = self._opening = asyncio.create_task(self._connect())
            opening.add_done_callback(self._note_opened)
        await asyncio.wait({opening})
        if opening.cancelled():
            raise LostConnection("the store's client is closed")
        error = opening.exception()
        if error is not None:
            raise copy(error) from error
        return opening.result()

    def _note_opened(self, opening: asyncio.Task[SharedConnection]) -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # has been heard, though all who waited may be gone

    async def _connect(self) -> SharedConnection:
        """By redis-py, outside of the pool's limit: others may hold all of that for long."""
        for each in [each for each in self._opened if each.lost]:
            self._opened.remove(each)
            await each.connection.disconnect(nowait=True)  # redis-py does not know yet
        pool = self.connection_pool
        connection: AbstractConnection = pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await pool.ensure_connection(connection)
            tracks = await _track(connection)
            if await connection.can_read():
                raise LostConnection("the store speaks before it is asked")
        except BaseException:
            self.counts.failed += 1
            await connection.disconnect(nowait=True)
            raise
        self.counts.opened += 1
        self._shared = SharedConnection(connection, self.counts, tracks=tracks)
        self._opened.append(self._shared)
        return self._shared


async def _track(connection: AbstractConnection) -> bool:
    """Whether the server will tell of changes: it may not allow that to this user, and RESP2 has no room for
    what nobody asked, though the server agrees.
    """
    if connection.encoder.decode_responses or int(connection.protocol) < _RESP3:
        return False
    await connection.send_command(*TRACK)
    try:
        await connection.read_response()
    except ResponseError as error:
        log.info("the store tells of no changes, so it is asked about each request: %s", error)
        return False
    return True
