"""A lock on a file (flock), which the kernel lets go of when the last process that holds it is gone."""

import asyncio
import fcntl
import time
from pathlib import Path
from typing import Self

_PAUSE = 0.01


class FileLock:
    """Several may share it, or one may have it alone; nothing blocks.

    A child process that inherits the file holds the lock as well, until it ends.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def fileno(self) -> int:
        return self._file.fileno()

    def take(self, *, shared: bool = False) -> bool:
        """False where others hold it. A lock held before may be lost then."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    async def wait(self, seconds: float) -> bool:
        """Takes it alone as soon as it is free; False where it was not in time."""
        give_up = time.monotonic() + seconds
        while not self.take():
            if time.monotonic() > give_up:
                return False
            await asyncio.sleep(_PAUSE)
        return True
