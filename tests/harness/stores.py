"""Real state stores for tests: any Redis or Valkey binary, with an append-only file."""

import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from gateway.settings import Settings
from gateway.state import join_store, sole_gateway
from tests.harness.processes import free_ports


def redis_server() -> str:
    """The machine's redis-server; without one the test is skipped."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("needs redis-server; .ci/run installs it")
    return binary


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Redis]:
    """As a gateway does."""
    with sole_gateway(settings):
        async with join_store(settings) as client:
            yield client


@contextmanager
def running(binary: str | Path, folder: Path, **options: str) -> Iterator[int]:
    """A server on a free port, while the block runs."""
    (port,) = free_ports(1)
    settings = {
        "port": str(port),
        "bind": "127.0.0.1",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "logfile": str(folder / "log"),
        **options,
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
