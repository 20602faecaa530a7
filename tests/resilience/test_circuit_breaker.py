"""The circuit breaker: when it opens, whom it lets pass, how it closes."""

import logging

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from connectors.errors import UpstreamCircuitOpen
from connectors.resilience.circuit_breaker import REST, CircuitBreaker
from connectors.resilience.failure_window import MINIMUM, RATE, SECONDS

TRIAL_SECONDS = 5.0


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Breaker(RuleBasedStateMachine):
    """A breaker beside what a reader of its documentation would expect."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.breaker = CircuitBreaker("erp", TRIAL_SECONDS, self.clock)
        self.outcomes: list[tuple[float, bool]] = []
        self.opened: float | None = None
        self.trial_began: float | None = None

    @rule(seconds=st.floats(0, 3))
    def time_passes(self, seconds: float) -> None:
        self.clock.now += seconds

    @precondition(lambda self: self.opened is None)
    @rule(failed=st.sampled_from([True, True, False, None]), times=st.integers(1, 12))
    def calls_end(self, failed: bool | None, times: int) -> None:
        for _ in range(times):
            assert self.breaker.is_closed
            assert self.breaker.admit() is False
            self.breaker.tell(trial=False, failed=failed)
            if failed is None:
                continue
            self.outcomes.append((self.clock.now, failed))
            surely = [failed for when, failed in self.outcomes if when > self.clock.now - SECONDS + 1]
            perhaps = [failed for when, failed in self.outcomes if when > self.clock.now - SECONDS - 1]
            if not self.breaker.is_closed:
                assert failed
                assert len(perhaps) >= MINIMUM
                self.opened = self.clock.now
                return
            if surely == perhaps and failed:
                assert len(surely) < MINIMUM or sum(surely) < RATE * len(surely)

    @precondition(lambda self: self.opened is not None)
    @rule(always=st.booleans())
    def somebody_asks(self, always: bool) -> None:
        """One trial at a time, once the rest is over; a look at the health is never refused."""
        assert self.opened is not None
        taken = self.trial_began is not None and self.clock.now < self.trial_began + TRIAL_SECONDS
        if self.clock.now >= self.opened + REST and not taken:
            assert self.breaker.admit(always=always) is True
            self.trial_began = self.clock.now
        elif always:
            assert self.breaker.admit(always=True) is False
        else:
            with pytest.raises(UpstreamCircuitOpen, match="erp"):
                self.breaker.admit()

    @precondition(lambda self: self.opened is not None)
    @rule(failed=st.sampled_from([True, False, None]))
    def an_old_call_ends(self, failed: bool | None) -> None:
        """It says nothing of now."""
        self.breaker.tell(trial=False, failed=failed)
        assert not self.breaker.is_closed

    @precondition(lambda self: self.trial_began is not None)
    @rule(failed=st.sampled_from([True, False, None]))
    def the_trial_ends(self, failed: bool | None) -> None:
        self.breaker.tell(trial=True, failed=failed)
        self.trial_began = None
        if failed is False:
            self.opened = None
            self.outcomes.clear()
        elif failed:
            self.opened = self.clock.now
        else:
            assert self.opened is not None
            self.opened = self.clock.now - REST  # whoever comes next may try

    @invariant()
    def it_says_what_it_does(self) -> None:
        assert (self.breaker.state == "closed") == self.breaker.is_closed == (self.opened is None)
        if self.opened is not None:
            resting = self.trial_began is None and self.clock.now < self.opened + REST
            assert self.breaker.state == ("open" if resting else "half-open")


Breaker.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestBreaker = Breaker.TestCase


def test_calls_of_eleven_seconds_ago_weigh_no_more() -> None:
    """Neither for the system nor against it, though the second that is counted isn't over."""
    clock = Clock()
    breaker = CircuitBreaker("erp", TRIAL_SECONDS, clock)
    for _ in range(9):
        breaker.tell(trial=False, failed=False)
    clock.now += 10.5
    breaker.tell(trial=False, failed=False)
    clock.now += 0.5
    for _ in range(9):
        assert breaker.is_closed
        breaker.tell(trial=False, failed=True)
    assert not breaker.is_closed


def test_each_change_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    breaker = CircuitBreaker("erp", TRIAL_SECONDS, clock)
    with caplog.at_level(logging.INFO):
        for _ in range(MINIMUM * 3):
            breaker.tell(trial=False, failed=True)
        for _ in range(5):
            clock.now += REST
            breaker.tell(trial=breaker.admit(), failed=True)
        clock.now += REST
        breaker.tell(trial=breaker.admit(), failed=False)
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "circuit opened",
        "circuit closed",
    ]
    assert {record.__dict__["upstream"] for record in caplog.records} == {"erp"}
