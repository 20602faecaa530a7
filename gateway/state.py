"""The state store: a Redis or Valkey by URL, or an append-only Valkey embedded in the data folder.

The embedded one listens on a Unix socket that only its owner can open. A lock on the folder keeps a second
gateway out; commands join the gateway's, or have it run without one.
"""

import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from gateway.data_folder import make_folder
from gateway.embedded_valkey import running_valkey
from gateway.file_lock import FileLock
from gateway.setting import SettingsError
from gateway.settings import Settings

_SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes on Linux, 104 on macOS


def _client_options() -> dict[str, Any]:
    """No retries: a script that was sent may have run, and a count must not be taken twice.

    A connection that the server closed meanwhile is noticed when it leaves the pool.
    """
    return {"decode_responses": False, "socket_timeout": 5, "retry": Retry(NoBackoff(), 0)}


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Redis]:
    """The gateway's client of the store; one gateway for a data folder. Raises SettingsError."""
    if settings.redis_url:
        async with join_store(settings) as client:
            yield client
        return
    folder = make_folder(settings.state_dir.absolute(), mode=0o700)
    with FileLock(folder / "lock") as lock:
        if not lock.take():
            raise SettingsError(
                f"LEASEGRAPH_DATA_DIR: another gateway uses {folder.parent}. "
                "Stop it, or give this one another folder, or give both one LEASEGRAPH_REDIS_URL."
            )
        async with join_store(settings) as client:
            yield client


@asynccontextmanager
async def join_store(settings: Settings) -> AsyncIterator[Redis]:
    """A command's client of the store, whether or not a gateway runs, starts or stops meanwhile.

    Raises SettingsError, also where no gateway ever had its data: that is the wrong folder.
    """
    if settings.redis_url:
        async with Redis.from_url(settings.redis_url, **_client_options()) as client:
            yield client
        return
    folder = settings.state_dir.absolute()
    if not folder.is_dir():
        raise SettingsError(
            f"LEASEGRAPH_DATA_DIR: {folder.parent} holds no gateway's data. "
            "Name the folder that the gateway uses, or its LEASEGRAPH_REDIS_URL."
        )
    socket = _socket_path(folder)
    async with (
        Redis(unix_socket_path=str(socket), **_client_options()) as client,
        running_valkey(folder, socket, client),
    ):
        yield client


def _socket_path(folder: Path) -> Path:
    plain = folder / "valkey.sock"
    if len(os.fsencode(plain)) < _SOCKET_PATH_LIMIT:
        return plain
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    near = Path(tempfile.gettempdir()) / f"leasegraph-{os.getuid()}-{name}"
    near.mkdir(mode=0o700, exist_ok=True)
    if near.stat().st_uid != os.getuid():
        raise SettingsError(f"LEASEGRAPH_DATA_DIR: its path is too long for a socket, and {near} isn't ours.")
    return near / "valkey.sock"
