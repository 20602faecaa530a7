"""How often and when a call is made again: budget, backoff, Retry-After."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.resilience import retry_budget
from connectors.resilience.backoff import FIRST, LONGEST, backoff
from connectors.resilience.retry_after import retry_after
from connectors.resilience.retry_budget import RetryBudget

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.just("call"), st.just("retry"), st.floats(0, 2)), max_size=200))
def test_retries_are_a_share_of_calls(events: list[str | float]) -> None:
    now = 50.0
    budget = RetryBudget(lambda: now)
    calls = retries = 0
    for event in events:
        if event == "call":
            budget.earn()
            calls += 1
        elif event == "retry":
            retries += budget.spend()
        else:
            now += float(event)
        most = retry_budget.SHARE * calls + retry_budget.A_SECOND * (now - 50) + retry_budget.MOST
        assert retries <= most + 1e-6


def test_an_outage_is_not_multiplied_and_the_budget_comes_back() -> None:
    now = 0.0
    budget = RetryBudget(lambda: now)
    spent = 0
    for _ in range(1000):
        budget.earn()
        spent += budget.spend()
    assert 100 <= spent <= 111
    assert not budget.spend()
    now += 2
    assert [budget.spend() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize("attempt", [1, 2, 3, 50])
def test_backoff_doubles_and_spreads(attempt: int) -> None:
    most = min(LONGEST, FIRST * 2 ** (attempt - 1))
    waits = [backoff(attempt, None) for _ in range(300)]
    assert all(0 <= wait <= most for wait in waits)
    assert min(waits) < most / 4
    assert max(waits) > most * 3 / 4
    assert all(7 <= backoff(attempt, 7) <= 7 + most for _ in range(50)), "never before the named time"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0), ("7", 7), (" 120 ", 120),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime((NOW + timedelta(seconds=90)).astimezone(timezone(timedelta(hours=2)))), 90),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0),
        ("Sun, 22 Nov 2026 12:00:05 -0000", 5),
        ("", None), ("-1", None), ("1.5", None), ("soon", None), ("١", None), ("Sun, 99 Nov 2026", None),
    ],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_retry_after_may_be_anything(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or found >= 0
