"""Threads in which the files of a folder are touched, and none but those.

A network share that hangs keeps a thread for as long as it likes: it may have these, never those in which
the rest of the gateway works.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

from connectors.errors import UpstreamUnavailable

T = TypeVar("T")


class FolderUnavailable(UpstreamUnavailable):
    """A file or folder can't be got at."""

    passing = False
    """Nothing is gained by asking a disk again at once."""


class FolderThreads:
    """At most `most` of them."""

    def __init__(self, system: str, most: int) -> None:
        self._system = system
        self._pool = ThreadPoolExecutor(most, "folder")

    async def run(self, work: Callable[[], T], lost: Callable[[T], None] | None = None) -> T:
        """What `work` finds. Raises FolderUnavailable for an OSError.

        Whoever is cancelled doesn't wait for it: what it finds then is `lost`'s, in a thread again.
        """
        done = self._pool.submit(work)
        try:
            return await asyncio.wrap_future(done)
        except asyncio.CancelledError:
            if lost is not None:
                done.add_done_callback(partial(self._clear_up, lost))
            raise
        except OSError as error:
            raise FolderUnavailable(self._system) from error

    def later(self, work: Callable[[], None]) -> None:
        """Nobody waits for it."""
        with suppress(RuntimeError):
            self._pool.submit(work)

    def close(self) -> None:
        """What is under way comes to its end."""
        self._pool.shutdown(wait=False)

    def _clear_up(self, lost: Callable[[T], None], done: "Future[T]") -> None:
        if not done.cancelled() and done.exception() is None:
            with suppress(RuntimeError):  # it has been closed
                self._pool.submit(lost, done.result())
