"""Bounded concurrency with a bounded queue: a system that is slow holds up so much, and no more."""

import asyncio
import logging
from collections import deque

from connectors.errors import UpstreamOverloaded

log = logging.getLogger(__name__)


class Bulkhead:
    """At most `most` are inside at once, and `queue` wait their turn, first come, first served.

    Who leaves hands the place to the first who waits, so that a place is free only while nobody does.
    """

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
        if self.inside >= self._most:
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
            if not waiter.cancelled():  # it has the place already
                self.leave()
            raise
        finally:
            self._waiters.remove(waiter)

    def leave(self) -> None:
        """Gives a place back."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
                return
        self.inside -= 1

    def _refuse(self) -> None:
        """Said once, until there is room for everybody again."""
        if not self._flooded:
            self._flooded = True
            extra = {"upstream": self._system, "inside": self.inside, "waiting": self.waiting}
            log.warning("too many calls: some are refused", extra=extra)
        raise UpstreamOverloaded(self._system)
