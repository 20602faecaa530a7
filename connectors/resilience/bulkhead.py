"""Bounded concurrency with a bounded queue: a system that is slow holds up so much, and no more."""

import asyncio
import logging

from connectors.errors import UpstreamOverloaded

log = logging.getLogger(__name__)


class Bulkhead:
    """At most `most` are inside at once, and `queue` wait their turn, first come, first served."""

    __slots__ = ("_flooded", "_most", "_queue", "_slots", "_system", "inside", "waiting")

    def __init__(self, system: str, most: int, queue: int) -> None:
        self._system = system
        self._most = most
        self._queue = queue
        self._slots = asyncio.Semaphore(most)
        self._flooded = False
        self.inside = 0
        self.waiting = 0

    async def __aenter__(self) -> None:
        """Raises UpstreamOverloaded, at once, where the queue is full."""
        if self._slots.locked():
            if self.waiting >= self._queue:
                self._refuse()
            self.waiting += 1
            try:
                await self._slots.acquire()
            finally:
                self.waiting -= 1
        else:
            self._flooded = False
            await self._slots.acquire()
        self.inside += 1

    async def __aexit__(self, *_: object) -> None:
        self.inside -= 1
        self._slots.release()

    def _refuse(self) -> None:
        """Said once, until there is room for everybody again."""
        if not self._flooded:
            self._flooded = True
            extra = {"upstream": self._system, "inside": self.inside, "waiting": self.waiting}
            log.warning("too many calls: some are refused", extra=extra)
        raise UpstreamOverloaded(self._system)
