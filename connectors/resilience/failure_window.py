"""How calls went lately."""

from collections import deque
from collections.abc import Callable

SECONDS = 10
MINIMUM = 10
"""Fewer calls within the window prove nothing."""
RATE = 0.5


class FailureWindow:
    """Counts the outcomes of the last SECONDS, second by second. `clock` gives seconds."""

    __slots__ = ("_calls", "_clock", "_ends", "_failures", "_past")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.clear()

    def clear(self) -> None:
        """Nothing has happened."""
        self._past: deque[tuple[float, int, int]] = deque()
        self._calls = self._failures = 0
        self._ends = self._clock() + 1

    def add(self, now: float, *, failed: bool) -> None:
        """One call is over, now."""
        if now >= self._ends:
            self._turn(now)
        self._calls += 1
        self._failures += failed

    def counts(self) -> tuple[int, int]:
        """Calls, and how many of them failed."""
        now = self._clock()
        if now >= self._ends:
            self._turn(now)
        else:
            self._forget(now)
        calls = self._calls + sum(calls for _, calls, _ in self._past)
        return calls, self._failures + sum(failures for _, _, failures in self._past)

    @property
    def too_many(self) -> bool:
        """Whether failures are the rule."""
        calls, failures = self.counts()
        return calls >= MINIMUM and failures >= RATE * calls

    def _turn(self, now: float) -> None:
        """A second is over."""
        self._past.append((self._ends, self._calls, self._failures))
        self._forget(now)
        self._calls = self._failures = 0
        self._ends = now + 1

    def _forget(self, now: float) -> None:
        """What is too long ago, also within a second that isn't over."""
        while self._past and self._past[0][0] <= now - SECONDS:
            self._past.popleft()
