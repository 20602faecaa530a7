"""The client of the store: its connections, and which server they lead to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import hiredis
from redis.asyncio import BlockingConnectionPool, Redis, UnixDomainSocketConnection
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError

from gateway.setting import SettingsError
from gateway.store_pipeline import Pipeline
from gateway.store_url import SENTINEL, SentinelUrl

MOST_CONNECTIONS = 100
"""Of one process, beside the shared one. Who comes later waits for one, `_SECONDS` at most, and then the store
counts as away."""
SHARED: Final = frozenset(
    "DEL EVALSHA GET HGET HGETALL HSETNX INFO PEXPIRE PING PUBLISH SET UNLINK XRANGE".split()
)
"""Commands over the shared connection: they are quick, and change nothing of the connection that they come by."""
_SECONDS = 5.0
_SENTINEL_SECONDS = 1.0


class _SentinelPool(SentinelConnectionPool, BlockingConnectionPool):
    """Waits for a free connection, which redis-py's own pool for Sentinel does not."""

    on_new_master: Callable[[], None] | None = None

    async def get_master_address(self) -> Any:
        before = self.master_address
        address = await super().get_master_address()  # type: ignore[no-untyped-call]
        if self.on_new_master is not None and before not in (None, address):
            self.on_new_master()
        return address


class StoreClient(Redis):
    """redis-py's client, of which everybody's plain commands share one connection.

    Each is written at once, and those of one turn of the event loop together. Whatever needs a connection of
    its own (pub/sub, pipelines, `client()`, and every command that `SHARED` does not name) has one of the pool,
    where redis-py would have one for each command: that costs several times the CPU.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._connection: AbstractConnection | None = None
        self._pipeline: Pipeline | None = None
        self._opening: asyncio.Task[Pipeline] | None = None

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        name = args[0]
        if name not in SHARED or self.single_connection_client:
            return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        try:
            command = hiredis.pack_command(args)
        except TypeError:  # redis-py says what is wrong
            return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]
        pipeline = self._pipeline
        if pipeline is None or not pipeline.usable:
            pipeline = await self._opened()
        answer = await pipeline.ask(command)
        if name in self.response_callbacks:
            options.pop("keys", None)  # they are meant for a cache of redis-py's
            return self.response_callbacks[name](answer, **options)
        return answer

    def drop(self) -> None:
        """The next command opens a connection anew, since there is another master."""
        if self._pipeline is not None:
            self._pipeline.retire()

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait({self._opening})
        if self._pipeline is not None:
            self._pipeline.close(LostConnection("the store's client is closed"))
        if self._connection is not None:
            await self._connection.disconnect()
        await super().aclose(close_connection_pool)

    async def _opened(self) -> Pipeline:
        """All who come meanwhile wait for one attempt, and share its error."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
            self._opening.add_done_callback(self._note_opened)
        return await asyncio.shield(self._opening)

    def _note_opened(self, task: asyncio.Task[Pipeline]) -> None:
        self._opening = None
        task.exception()  # all who waited may have been cancelled

    async def _open(self) -> Pipeline:
        if self._connection is None:
            self._connection = self.connection_pool.make_connection()
        connection = self._connection
        try:
            await connection.disconnect(nowait=True)  # what is left of the one before
            await self.connection_pool.ensure_connection(connection)
            if await connection.can_read():
                raise LostConnection("the store spoke before it was asked")
        except asyncio.CancelledError:
            raise LostConnection("the store's client is closed") from None
        self._pipeline = Pipeline(connection)
        return self._pipeline


def _options() -> dict[str, Any]:
    """No retries: a script that was sent may have run, and a count must not be taken twice.

    A connection that the server closed meanwhile is noticed when it leaves the pool.
    """
    return {
        "decode_responses": False,
        "socket_timeout": _SECONDS,
        "socket_connect_timeout": _SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def _pool_options() -> dict[str, Any]:
    return {**_options(), "max_connections": MOST_CONNECTIONS, "timeout": _SECONDS}


@asynccontextmanager
async def client_by_url(url: str) -> AsyncIterator[StoreClient]:
    """Closed in the end. Raises SettingsError where a cluster answers; a server may be away."""
    if urlsplit(url).scheme in SENTINEL:
        found = SentinelUrl.parse(url)
        of_sentinel = {**found.sentinel, **_options()}
        of_sentinel |= {"socket_timeout": _SENTINEL_SECONDS, "socket_connect_timeout": _SENTINEL_SECONDS}
        async with (
            Sentinel(found.sentinels, sentinel_kwargs=of_sentinel) as sentinel,  # type: ignore[no-untyped-call]
            sentinel.master_for(
                found.service, StoreClient, _SentinelPool, **found.server, **_pool_options()
            ) as client,
        ):
            client.connection_pool.on_new_master = client.drop
            await _refuse_cluster(client)
            yield client
        return
    pool = BlockingConnectionPool.from_url(url, **_pool_options())
    async with StoreClient.from_pool(pool) as client:
        await _refuse_cluster(client)
        yield client


def client_by_socket(socket: Path) -> StoreClient:
    """The caller closes it."""
    pool = BlockingConnectionPool(
        connection_class=UnixDomainSocketConnection, path=str(socket), **_pool_options()
    )
    return StoreClient.from_pool(pool)


async def _refuse_cluster(client: Redis) -> None:
    """Its nodes run no script over keys of several slots, and nearly all of ours are such."""
    try:
        told = await client.info("cluster")
    except (TimeoutError, RedisError, OSError):
        return  # away for now, or it tells this user nothing
    if told.get("cluster_enabled"):
        raise SettingsError(
            "LEASEGRAPH_REDIS_URL: a Redis Cluster answers there, which the gateway can't use: its writes "
            "are scripts over keys of several slots. Name a single server, or Sentinels (redis+sentinel://…)."
        )
