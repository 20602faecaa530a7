"""`leasegraph check` on the cache's store."""

from redis.asyncio import Redis

from gateway.cli.check_cache import check_cache
from gateway.settings import Settings
from tests.harness.processes import free_ports


async def test_it_answers(store: Redis) -> None:
    url = f"unix://{store.connection_pool.connection_kwargs['path']}"
    (found,) = await check_cache(Settings(cache_stale_seconds=60, cache_redis_url=url), 60)
    assert (found.system, found.ok, found.remedy) == ("cache", True, None)


async def test_it_does_not() -> None:
    (port,) = free_ports(1)
    url = f"redis://:secret@127.0.0.1:{port}/0"
    (found,) = await check_cache(Settings(cache_seconds=60, cache_redis_url=url), 60)
    assert (found.ok, found.problem) == (False, "STORE")
    assert found.remedy is not None
    assert f"127.0.0.1:{port}" in found.remedy
    assert "secret" not in found.remedy


async def test_there_is_none() -> None:
    assert await check_cache(Settings(cache_redis_url="redis://127.0.0.1:1/0"), 60) == []
    assert await check_cache(Settings(cache_seconds=60), 60) == []
