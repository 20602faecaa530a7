"""The circuit breaker of a system (M. Nygard, Release It!): while calls keep failing there are none.

closed, as long as calls do well; open, when they fail too often: none for REST seconds; then half-open: one
call at a time is a trial, and closes it by success.
"""

import logging
from collections.abc import Callable
from typing import Literal

from connectors.errors import UpstreamCircuitOpen
from connectors.resilience.failure_window import FailureWindow

log = logging.getLogger(__name__)

REST = 1.0
"""Seconds from a failure to the next trial."""

State = Literal["closed", "open", "half-open"]


class CircuitBreaker:
    """`trial_seconds` is the longest that a trial keeps others from being one; `clock` gives seconds."""

    __slots__ = ("_clock", "_next_trial", "_system", "_trial_seconds", "_trying", "is_closed", "window")

    def __init__(self, system: str, trial_seconds: float, clock: Callable[[], float]) -> None:
        self._system = system
        self._trial_seconds = trial_seconds
        self._clock = clock
        self.window = FailureWindow(clock)
        self._next_trial = 0.0
        self._trying = False
        self.is_closed = True

    @property
    def state(self) -> State:
        """As the probes show it."""
        if self.is_closed:
            return "closed"
        return "half-open" if self._trying or self._clock() >= self._next_trial else "open"

    def admit(self, *, always: bool = False) -> bool:
        """Lets a call pass, and says whether it is a trial.

        Raises UpstreamCircuitOpen, unless it is to pass `always`.
        """
        if self.is_closed:
            return False
        now = self._clock()
        if now < self._next_trial:
            if always:
                return False
            raise UpstreamCircuitOpen(self._system)
        self._next_trial = now + self._trial_seconds
        self._trying = True
        return True

    def tell(self, *, trial: bool, failed: bool | None) -> None:
        """How a call that was let pass went; None where that says nothing of the system."""
        if self.is_closed:
            if failed is not None:
                self.window.add(self._clock(), failed=failed)
                if failed and self.window.too_many:
                    self._open()
        elif trial:
            self._trying = False
            if failed is None:
                self._next_trial = self._clock()
            elif failed:
                self._next_trial = self._clock() + REST
            else:
                self._close()

    def _open(self) -> None:
        calls, failures = self.window.counts()
        self.is_closed = False
        self._trying = False
        self._next_trial = self._clock() + REST
        extra = {"upstream": self._system, "calls": calls, "failures": failures}
        log.warning("circuit opened: the system is left alone", extra=extra)

    def _close(self) -> None:
        self.window.clear()
        self.is_closed = True
        log.warning("circuit closed: the system is asked again", extra={"upstream": self._system})
