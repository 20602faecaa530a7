"""A bound on the time of a block: what `asyncio.timeout` does, without a timer for each."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final, Protocol

EARLY: Final = 0.001
"""Seconds that a block may be ended too early: event loops count milliseconds."""
NEVER: Final = float("inf")


class Bounded(Protocol):
    """What has a time: `end` is called at that `moment`, in the clock's seconds."""

    @property
    def moment(self) -> float: ...

    def end(self) -> None: ...


class Limits:
    """Of one clock, with one timer: nearly everything is over long before its time."""

    __slots__ = ("_clock", "_next", "_timer", "_under_way", "discard", "loop")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._under_way: set[Bounded] = set()
        self.discard: Final[Callable[[Bounded], None]] = self._under_way.discard
        """One is over, one way or the other."""
        self._next = NEVER
        """When the timer looks at those that are under way."""
        self._timer: asyncio.TimerHandle | None = None
        self.loop: asyncio.AbstractEventLoop | None = None

    def join(self, loop: asyncio.AbstractEventLoop) -> None:
        """Another event loop than before; the timer was the other's."""
        self.loop, self._next = loop, NEVER

    def add(self, each: Bounded) -> None:
        """Within `loop`."""
        self._under_way.add(each)
        if each.moment < self._next:
            self._look(each.moment)

    def _look(self, moment: float) -> None:
        """Then, at the latest."""
        assert self.loop is not None  # noqa: S101 - for mypy: somebody has joined
        if self._timer is not None:
            self._timer.cancel()
        self._next = moment
        self._timer = self.loop.call_later(max(0.0, moment - self._clock()), self._end)

    def _end(self) -> None:
        """All that are over time."""
        now = self._clock() + EARLY
        self._next = NEVER
        for each in [each for each in self._under_way if each.moment <= now]:
            self._under_way.discard(each)
            each.end()
        moment = min((each.moment for each in self._under_way), default=NEVER)
        if moment < self._next:
            self._look(moment)


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
            limits.join(asyncio.get_running_loop())
            task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for mypy: a coroutine runs in one
        self._task = task
        self._before = task.cancelling()
        if self.moment < NEVER:
            limits.add(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.moment < NEVER:
            self._limits.discard(self)
            if (
                self._over
                and self._task.uncancel() <= self._before
                and isinstance(error, asyncio.CancelledError)
            ):
                raise TimeoutError from error

    def end(self) -> None:
        """Its time is over."""
        self._over = True
        self._task.cancel()
