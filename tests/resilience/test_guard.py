"""The guard as a connector uses it."""

import asyncio
import logging
from functools import partial

import pytest

from connectors import deadline
from connectors.errors import (
    MalformedAnswer,
    UpstreamCircuitOpen,
    UpstreamError,
    UpstreamOverloaded,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.resilience.circuit_breaker import REST
from connectors.resilience.guard import ATTEMPTS
from tests.resilience.systems import TIMEOUT, System, after, circuit, guarded, idle, outcome
from tests.resilience.virtual_time import now, run

GONE = UpstreamUnavailable("erp")
REFUSED = UpstreamUnavailable("erp", sent=False)


def busy(seconds: float | None = None, *, status: int = 503) -> UpstreamUnavailable:
    """What a system says that has too much to do."""
    return UpstreamUnavailable("erp", status=status, retry_after=seconds)


@pytest.mark.parametrize(
    ("error", "reads", "writes"),
    [
        (GONE, 2, 1), (REFUSED, 2, 2), (busy(), 2, 1), (busy(status=429), 2, 1), (busy(status=502), 2, 1),
        (busy(status=504), 2, 1), (busy(status=500), 1, 1), (busy(status=501), 1, 1),
        (UpstreamTimeout("erp"), 1, 1),
        (UpstreamRejected("erp", 404), 1, 1), (MalformedAnswer("erp"), 1, 1),
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("repeatable", [True, False], ids=["read", "write"])
def test_what_is_made_again(error: UpstreamError, reads: int, writes: int, repeatable: bool) -> None:
    async def check() -> None:
        system, guard = System(errors=[error]), guarded()
        _, result = await outcome(guard.call(system, repeatable=repeatable))
        attempts = reads if repeatable else writes
        assert len(system.attempts) == attempts
        assert result == ("answer 1" if attempts == 2 else error)
        assert idle(guard)

    run(check())


@pytest.mark.parametrize("same", [None, "question"])
def test_not_for_ever(same: str | None) -> None:
    async def check() -> None:
        system, guard = System(error=GONE), guarded()
        _, result = await outcome(guard.call(system, repeatable=True, same=same))
        assert result is GONE
        assert len(system.attempts) == ATTEMPTS

    run(check())


@pytest.mark.parametrize(
    ("named", "limit", "attempts"),
    [(1.0, None, 2), (4.0, None, 2), (6.0, None, 1), (1.0, 0.9, 1), (1.0, 3.0, 2), (86400.0, None, 1)],
)
def test_retry_after_is_kept_and_never_longer_than_there_is_time(
    named: float, limit: float | None, attempts: int
) -> None:
    async def check() -> None:
        system, guard = System(errors=[busy(named)]), guarded()
        with deadline.within(limit or 60):
            took, _ = await outcome(guard.call(system, repeatable=True))
        assert len(system.attempts) == attempts
        if attempts == 2:
            assert system.attempts[1] >= named
        else:
            assert took == 0, "what can't end in time isn't begun"

    run(check())


def test_a_retry_that_would_take_too_long_is_not_begun() -> None:
    async def check() -> None:
        system, guard = System(seconds=2.6, error=GONE), guarded()
        took, result = await outcome(guard.call(system, repeatable=True))
        assert (took, result, len(system.attempts)) == (2.6, GONE, 1)

    run(check())


@pytest.mark.parametrize("same", [None, "question"])
def test_time_is_up(same: str | None) -> None:
    async def check() -> None:
        system, guard = System(seconds=60), guarded()
        took, result = await outcome(guard.call(system, repeatable=True, same=same))
        assert took == TIMEOUT
        assert isinstance(result, UpstreamTimeout)
        with deadline.within(0.5):
            took, result = await outcome(guard.call(system, repeatable=True, same=same))
        assert took == 0.5
        assert isinstance(result, UpstreamTimeout)
        with deadline.within(0):
            took, result = await outcome(guard.call(system, repeatable=True, same=same))
        assert took == 0
        assert isinstance(result, UpstreamTimeout)
        assert not result.sent
        assert len(system.attempts) == 2
        await asyncio.sleep(0)
        assert system.broken_off == 2
        assert idle(guard)

    run(check())


def test_waiting_for_a_turn_counts_and_a_write_that_never_had_one_was_not_sent() -> None:
    async def check() -> None:
        system, guard = System(seconds=60), guarded(connections=1)
        first, second = await asyncio.gather(
            outcome(guard.call(system, repeatable=False)),
            after(1, lambda: guard.call(system, repeatable=False)),
        )
        assert [first[0], second[0]] == [TIMEOUT, TIMEOUT]
        assert isinstance(first[1], UpstreamTimeout)
        assert first[1].sent
        assert isinstance(second[1], UpstreamTimeout)
        assert second[1].sent, "it had its turn when the first gave up"
        blocked = asyncio.create_task(guard.call(System(seconds=4), repeatable=False))
        await asyncio.sleep(0)
        with deadline.within(2):
            _, third = await outcome(guard.call(system, repeatable=False))
        assert isinstance(third, UpstreamTimeout)
        assert not third.sent
        await blocked
        assert idle(guard)

    run(check())


def test_beyond_the_queue_calls_are_refused_at_once() -> None:
    async def check() -> None:
        system, guard = System(seconds=1), guarded(connections=2, queue=3)
        outcomes = await asyncio.gather(
            *(outcome(guard.call(system, repeatable=True, same=number)) for number in range(8))
        )
        assert [took for took, _ in outcomes] == [1, 1, 2, 2, 3, 0, 0, 0]
        assert {type(result) for _, result in outcomes[5:]} == {UpstreamOverloaded}
        assert circuit(guard) == "closed", "that is no failure of the system"
        assert idle(guard)

    run(check())


def test_a_system_that_is_down_is_left_alone_and_found_again() -> None:
    async def check() -> None:
        system, guard = System(error=GONE), guarded()
        for _ in range(10):
            await outcome(guard.call(system, repeatable=False))
        assert circuit(guard) == "open"
        made = len(system.attempts)
        took, result = await outcome(guard.call(system, repeatable=True, same="question"))
        assert (took, type(result), len(system.attempts)) == (0, UpstreamCircuitOpen, made)
        assert isinstance(result, UpstreamCircuitOpen)
        assert not result.sent

        await asyncio.sleep(REST)
        system.seconds = 0.5
        tried = await asyncio.gather(*(outcome(guard.call(system, repeatable=True)) for _ in range(5)))
        assert len(system.attempts) == made + 1, "one trial at a time, and no retries of it"
        assert [type(result) for _, result in tried].count(UpstreamCircuitOpen) == 4

        await asyncio.sleep(REST)
        system.error = None
        assert (await outcome(guard.call(system, repeatable=True)))[1] == f"answer {made + 1}"
        assert circuit(guard) == "closed"
        assert idle(guard)

    run(check())


def test_a_slow_system_opens_the_circuit_and_waiting_calls_are_let_go() -> None:
    async def check() -> None:
        system, guard = System(seconds=60), guarded(connections=10)
        early = [outcome(guard.call(system, repeatable=True, same=number)) for number in range(10)]

        async def ask(number: int) -> str:
            return await guard.call(system, repeatable=True, same=number)

        late = [after(4, partial(ask, number)) for number in range(10, 30)]
        ended = await asyncio.gather(*early, *late)
        assert {(took, type(result)) for took, result in ended[:10]} == {(TIMEOUT, UpstreamTimeout)}
        assert {(took, type(result)) for took, result in ended[10:]} == {(1, UpstreamCircuitOpen)}
        assert len(system.attempts) == 10
        assert idle(guard)

    run(check())


@pytest.mark.parametrize(
    "error", [UpstreamRejected("erp", 404), MalformedAnswer("erp"), ValueError("ours")], ids=repr
)
def test_a_system_that_answers_is_not_ill(error: Exception) -> None:
    async def check() -> None:
        async def ask() -> None:
            raise error

        guard = guarded()
        for _ in range(40):
            assert (await outcome(guard.call(ask, repeatable=True)))[1] is error
        assert circuit(guard) == "closed"

    run(check())


def test_neither_is_one_whose_callers_leave_or_have_no_time() -> None:
    async def check() -> None:
        system, guard = System(seconds=60), guarded()
        for same in [None] * 20 + list(range(20)):
            task = asyncio.create_task(guard.call(system, repeatable=True, same=same))
            await asyncio.sleep(1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with deadline.within(0.1):
                assert isinstance(
                    (await outcome(guard.call(system, repeatable=True, same=same)))[1], UpstreamTimeout
                )
        assert circuit(guard) == "closed"
        await asyncio.sleep(0)
        assert system.broken_off == 80
        assert idle(guard)

    run(check())


def test_a_look_at_the_health_is_never_refused_and_may_close_the_circuit() -> None:
    async def check() -> None:
        system, guard = System(error=GONE), guarded()
        for _ in range(10):
            await outcome(guard.call(system, repeatable=False))
        assert (await outcome(guard.probe(system)))[1] is GONE
        system.error = None
        assert await guard.probe(system)
        assert circuit(guard) == "open", "the rest is not over yet"
        await asyncio.sleep(REST)
        assert await guard.probe(system)
        assert circuit(guard) == "closed"

    run(check())


def test_a_stream_holds_a_slot_of_its_own_kind() -> None:
    async def check() -> None:
        guard = guarded(connections=1, queue=1)

        async def stream(seconds: float) -> None:
            async with guard.stream(System(), repeatable=True) as begun:
                assert begun == "answer 0"
                await asyncio.sleep(seconds)

        long = asyncio.create_task(stream(60))
        await asyncio.sleep(0)
        assert await guard.call(System(), repeatable=True), "calls don't wait for streams"
        waiting = asyncio.create_task(outcome(stream(1)))
        await asyncio.sleep(0)
        assert isinstance((await outcome(stream(1)))[1], UpstreamOverloaded)
        took, result = await waiting
        assert took == TIMEOUT
        assert isinstance(result, UpstreamTimeout)
        assert not result.sent
        await long
        assert now() == 60
        assert idle(guard)

    run(check())


def test_a_stream_that_breaks_off_counts_but_not_the_reader_s_own_errors() -> None:
    async def check() -> None:
        guard = guarded()

        async def broken(error: Exception) -> None:
            async with guard.stream(System(), repeatable=True):
                raise error

        for error in (ValueError("ours"), UpstreamUnavailable("elsewhere"), MalformedAnswer("erp")):
            for _ in range(30):
                assert (await outcome(broken(error)))[1] is error
            assert circuit(guard) == "closed"
        await asyncio.sleep(60)
        for _ in range(20):
            await outcome(broken(GONE))
        assert circuit(guard) == "open"
        assert idle(guard)

    run(check())


def test_an_upload_may_take_as_long_as_it_takes() -> None:
    async def check() -> None:
        guard = guarded()
        async with guard.stream(System(seconds=600), repeatable=False, timed=False) as answer:
            assert answer == "answer 0"
        assert now() == 600

    run(check())


def test_failures_are_logged_with_what_is_needed_and_not_while_the_circuit_is_open(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def check() -> None:
        guard = guarded()
        await outcome(guard.call(System(errors=[busy(0)]), repeatable=True))
        for _ in range(30):
            await outcome(guard.call(System(error=GONE), repeatable=False))
        for _ in range(5):
            await asyncio.sleep(REST)
            await outcome(guard.call(System(error=GONE), repeatable=True))

    with caplog.at_level(logging.INFO):
        run(check())
    first, *others = [record.__dict__ for record in caplog.records]
    assert (first["upstream"], first["code"], first["status"], first["attempt"]) == (
        "erp",
        "UPSTREAM_UNAVAILABLE",
        503,
        1,
    )
    assert [each["message"] for each in others].count("upstream call failed") <= 11
    assert others[-1]["message"].startswith("circuit opened")


def test_each_call_is_told_once_with_its_end() -> None:
    async def check() -> None:
        guard = guarded(connections=1, queue=1)
        told: list[tuple[str, float, int]] = []
        guard.observe = lambda *call: told.append(call)
        await guard.call(System(seconds=1), repeatable=True)
        assert told.pop() == ("ok", 1.0, 1)
        await outcome(guard.call(System(errors=[UpstreamRejected("erp", 404)]), repeatable=True))
        assert told.pop() == ("UPSTREAM_REJECTED", 0.0, 1)
        await guard.call(System(errors=[GONE]), repeatable=True)
        ending, _, attempts = told.pop()
        assert (ending, attempts) == ("ok", 2), "what a retry mends is no failure"
        await outcome(guard.call(System(seconds=60), repeatable=True))
        assert told.pop() == ("UPSTREAM_TIMEOUT", TIMEOUT, 1)
        left = asyncio.create_task(guard.call(System(seconds=60), repeatable=True, same="a"))
        joined = asyncio.create_task(guard.call(System(), repeatable=True, same="a"))
        await asyncio.sleep(1)
        left.cancel()
        joined.cancel()
        await asyncio.gather(left, joined, return_exceptions=True)
        await asyncio.sleep(0)
        assert told == [("cancelled", 1.0, 1)], "two askers of one call"
        told.clear()
        first, waits = [asyncio.create_task(guard.call(System(seconds=1), repeatable=True)) for _ in range(2)]
        await asyncio.sleep(0)
        await outcome(guard.call(System(), repeatable=True))
        assert told.pop() == ("UPSTREAM_OVERLOADED", 0.0, 1)
        await asyncio.gather(first, waits)
        whole = [(ending, round(seconds, 9), attempts) for ending, seconds, attempts in told]
        assert whole == [("ok", 1.0, 1), ("ok", 2.0, 1)], "its wait is a part of it"

    run(check())
