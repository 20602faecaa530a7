"""A bound on what heavy operations have in hand at once, since that is what a worker's memory grows with."""

import asyncio
from collections import deque
from contextlib import suppress
from types import TracebackType

from connectors import deadline

LIGHT = 100
"""What costs no more than this part of the bound never waits, whatever the others do."""
PATIENCE = 0.5
"""The part of its time that an operation waits at most. Then it runs all the same: the others may wait for a
system that hangs, and have little in hand."""


class UnderWay:
    """Operations, heavy ones at most `most` by their costs at once; others wait, first come, first served.

    One that costs more than `most` by itself runs alone.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = most
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self.impatient = 0
        """How many ran all the same, having waited in vain."""

    @property
    def cost(self) -> int:
        """Of those that have a turn."""
        return self._most - self._free

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._waiting)

    def taking(self, cost: int) -> "Turn | None":
        """The turn of an operation, as a block; None for a light one."""
        return Turn(self, min(cost, self._most)) if cost * LIGHT > self._most else None

    async def take(self, cost: int) -> bool:
        """Waits for room. Whether there was some, which is to be given back."""
        if not self._waiting and cost <= self._free:
            self._free -= cost
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = cost, turn
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(deadline.remaining(float("inf")) * PATIENCE):
                await turn
        except BaseException as error:
            came = turn.done() and not turn.cancelled()
            if not came:
                with suppress(ValueError):  # it may have been passed over already
                    self._waiting.remove(entry)
                self._admit()  # it may have been the one for whom there was no room
            if isinstance(error, TimeoutError):
                self.impatient += not came
                return came
            if came:
                self.give(cost)
            raise
        return True

    def give(self, cost: int) -> None:
        """There is room again."""
        self._free += cost
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._free:
            cost, turn = self._waiting.popleft()
            if not turn.done():  # else whoever waited is about to say that they gave up
                self._free -= cost
                turn.set_result(None)


class Turn:
    """A heavy operation's."""

    __slots__ = ("_cost", "_taken", "_under_way")

    def __init__(self, under_way: UnderWay, cost: int) -> None:
        self._under_way = under_way
        self._cost = cost
        self._taken = False

    async def __aenter__(self) -> None:
        self._taken = await self._under_way.take(self._cost)

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._taken:
            self._under_way.give(self._cost)
