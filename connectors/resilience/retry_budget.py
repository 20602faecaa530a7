"""How many retries a system gets: a share of its calls, so that they can't multiply an outage."""

from collections.abc import Callable

SHARE = 0.1
"""Retries for each call."""
A_SECOND = 1.0
"""Retries that are granted every second, however few calls there are."""
MOST = 10.0
"""Retries that can be saved up."""


class RetryBudget:
    """A token bucket that calls fill. `clock` gives seconds."""

    __slots__ = ("_clock", "_filled", "tokens")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._filled = clock()
        self.tokens = MOST

    def earn(self) -> None:
        """There is a call."""
        if self.tokens < MOST:
            self.tokens += SHARE

    def spend(self) -> bool:
        """Takes a retry; whether there was one."""
        now = self._clock()
        self.tokens = min(MOST, self.tokens + (now - self._filled) * A_SECOND)
        self._filled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
