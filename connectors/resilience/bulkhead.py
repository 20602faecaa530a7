"""Bounded concurrency with a bounded queue: a system that is slow holds up so much, and no more."""

import asyncio
import logging
from collections import deque

from connectors.errors import UpstreamOverloaded

log = logging.getLogger(__name__)


class Bulkhead:
    """At most `most` are inside at once, and `queue` wait their turn, first come, first served."""

    __slots__ = ("_flooded", "_most", "_queue", "_system", "_waiters", "inside")

    def __init__(self, system: str, most: int, queue: int) -> None:
        self._system = system
        self._most = most
        self._queue = queue
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._flooded = False
        self.inside = 0

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiters)

    def enter(self) -> bool:
        """Takes a place if one is free, to be given back by `leave`; else `turn` waits for it."""
        if self.inside >= self._most or self._waiters:
            return False
        self._flooded = False
        self.inside += 1
        return True

    async def turn(self) -> None:
        """Waits for a place where none was free. Raises UpstreamOverloaded, at once, if the queue is full."""
        if self.waiting >= self._queue:
            self._refuse()
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await waiter
        except BaseException:
            if not waiter.cancelled():
                self.inside -= 1  # it had the place already
            raise
        finally:
            self._waiters.remove(waiter)
            self._admit()

    def leave(self) -> None:
        """Gives a place back."""
        self.inside -= 1
        if self._waiters:
            self._admit()

    def _admit(self) -> None:
        """Gives a free place to the first who waits and has none yet."""
        if self.inside < self._most:
            for waiter in self._waiters:
                if not waiter.done():
                    self.inside += 1
                    waiter.set_result(None)
                    return

    def _refuse(self) -> None:
        """Said once, until there is room for everybody again."""
        if not self._flooded:
            self._flooded = True
            extra = {"upstream": self._system, "inside": self.inside, "waiting": self.waiting}
            log.warning("too many calls: some are refused", extra=extra)
        raise UpstreamOverloaded(self._system)
