"""A bound on the time of a block: what `asyncio.timeout` does, without a timer for each."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final

EARLY: Final = 0.001
"""Seconds that a block may be ended too early: event loops count milliseconds."""
NEVER: Final = float("inf")


class Limits:
    """Bounds of one clock, in seconds, with one timer: nearly all blocks are over long before their time."""

    __slots__ = ("_clock", "_timer", "loop", "next", "under_way")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._timer: asyncio.TimerHandle | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.next = NEVER
        """When the timer looks at those that are under way."""
        self.under_way: set[Limit] = set()

    def task(self) -> "asyncio.Task[object]":
        """Whoever begins a block in another event loop than the one before."""
        self.loop, self.next = asyncio.get_running_loop(), NEVER
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for mypy: a coroutine runs in one
        return task

    def look(self, moment: float) -> None:
        """Then, at the latest."""
        assert self.loop is not None  # noqa: S101 - for mypy: a block has begun
        if self._timer is not None:
            self._timer.cancel()
        self.next = moment
        self._timer = self.loop.call_later(max(0.0, moment - self._clock()), self._end)

    def _end(self) -> None:
        """All that are over time."""
        now = self._clock() + EARLY
        self.next = NEVER
        for each in [each for each in self.under_way if each.moment <= now]:
            self.under_way.discard(each)
            each.end()
        moment = min((each.moment for each in self.under_way), default=NEVER)
        if moment < NEVER:
            self.look(moment)


class Limit:
    """Cancels the block at that `moment`, if there is one, and raises TimeoutError from it.

    A cancellation from elsewhere stays one.
    """

    __slots__ = ("_before", "_limits", "_over", "_task", "moment")

    def __init__(self, limits: Limits, moment: float = NEVER) -> None:
        self._limits = limits
        self._over = False
        self.moment = moment

    def __enter__(self) -> None:
        limits = self._limits
        loop = limits.loop
        task = None if loop is None else asyncio.current_task(loop)
        if task is None:
            task = limits.task()
        self._task = task
        self._before = task.cancelling()
        limits.under_way.add(self)
        if self.moment < limits.next:
            limits.look(self.moment)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._limits.under_way.discard(self)
        if self._over and self._task.uncancel() <= self._before and isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error

    def end(self) -> None:
        """Its time is over."""
        self._over = True
        self._task.cancel()
