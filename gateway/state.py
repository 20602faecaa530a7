"""The state store: a Redis or Valkey by URL, or an append-only Valkey embedded in the data folder.

The embedded one listens on a Unix socket that only its owner can open. A lock on the folder keeps a second
gateway out; commands join the gateway's, or have it run without one.
"""

import hashlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from gateway.data_folder import make_folder
from gateway.embedded_valkey import running_valkey
from gateway.file_lock import FileLock
from gateway.setting import SettingsError
from gateway.settings import Settings
from gateway.store_client import client_by_socket, client_by_url
from gateway.store_sharing import SharingClient

_SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes on Linux, 104 on macOS


@contextmanager
def sole_gateway(settings: Settings) -> Iterator[None]:
    """While the block runs no other gateway has the data folder. Workers forked within share it.

    Raises SettingsError where one has it. Gateways with a URL may share the store.
    """
    if settings.redis_url:
        yield
        return
    if settings.redis_replicas:
        raise SettingsError(
            "LEASEGRAPH_REDIS_REPLICAS: the embedded Valkey has no replicas to wait for. "
            "Leave it out, or name a store that has some in LEASEGRAPH_REDIS_URL."
        )
    folder = make_folder(settings.state_dir.absolute(), mode=0o700)
    with FileLock(folder / "lock") as lock:
        if not lock.take():
            raise SettingsError(
                f"LEASEGRAPH_DATA_DIR: another gateway uses {folder.parent}. "
                "Stop it, or give this one another folder, or give both one LEASEGRAPH_REDIS_URL."
            )
        yield


@asynccontextmanager
async def join_store(settings: Settings) -> AsyncIterator[SharingClient]:
    """A worker's or command's client of the store, whoever else comes, goes or dies meanwhile.

    Raises SettingsError, also where no gateway ever had its data: that is the wrong folder.
    """
    if settings.redis_url:
        async with client_by_url(settings.redis_url) as client:
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
        client_by_socket(socket) as client,
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
