"""The store that a gateway runs by itself, for the cache alone."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from gateway.settings import Settings
from tests.harness.stores import open_store


@pytest.fixture(scope="package")
async def valkey(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Redis]:
    """Its client."""
    async with open_store(Settings(data_dir=tmp_path_factory.mktemp("cache"))) as client:
        yield client


@pytest.fixture
async def store(valkey: Redis) -> Redis:
    """It is empty."""
    await valkey.flushall()
    return valkey
