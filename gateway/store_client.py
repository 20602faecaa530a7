"""The client of the store: its connections, and which server they lead to."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis, UnixDomainSocketConnection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.setting import SettingsError
from gateway.store_sharing import SharingClient
from gateway.store_url import SentinelUrl, is_sentinel

MOST_CONNECTIONS = 100
"""Of one process, beside the one that plain commands share. Who comes later waits for one, `_SECONDS` at
most, and then the store counts as away."""
_SECONDS = 5.0
_SENTINEL_SECONDS = 1.0


class _SentinelPool(SentinelConnectionPool, BlockingConnectionPool):
    """Waits for a free connection, which redis-py's own pool for Sentinel does not."""

    at_new_master: Callable[[], None] | None = None

    async def get_master_address(self) -> Any:
        before = self.master_address
        address = await super().get_master_address()  # type: ignore[no-untyped-call]
        if self.at_new_master is not None and before not in (None, address):
            self.at_new_master()
        return address


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
async def client_by_url(url: str) -> AsyncIterator[SharingClient]:
    """Closed in the end. Raises SettingsError where a cluster answers; a server may be away."""
    if is_sentinel(url):
        found = SentinelUrl.parse(url)
        of_sentinel = {**found.sentinel, **_options()}
        of_sentinel |= {"socket_timeout": _SENTINEL_SECONDS, "socket_connect_timeout": _SENTINEL_SECONDS}
        async with (
            Sentinel(found.sentinels, sentinel_kwargs=of_sentinel) as sentinel,  # type: ignore[no-untyped-call]
            sentinel.master_for(
                found.service, SharingClient, _SentinelPool, **found.server, **_pool_options()
            ) as client,
        ):
            client.connection_pool.at_new_master = client.leave
            await _refuse_cluster(client)
            yield client
        return
    pool = BlockingConnectionPool.from_url(url, **_pool_options())
    async with _of_pool(pool) as client:
        await _refuse_cluster(client)
        yield client


def client_by_socket(socket: Path) -> SharingClient:
    """The caller closes it."""
    pool = BlockingConnectionPool(
        connection_class=UnixDomainSocketConnection, path=str(socket), **_pool_options()
    )
    return _of_pool(pool)


def _of_pool(pool: BlockingConnectionPool) -> SharingClient:
    return cast("SharingClient", SharingClient.from_pool(pool))  # redis-py says Redis


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
