"""Single flight: one call for equal questions, without anybody's harm."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import deadline
from connectors.errors import UpstreamTimeout, UpstreamUnavailable
from connectors.http import request_id
from tests.resilience.systems import TIMEOUT, System, after, guarded, idle, outcome
from tests.resilience.virtual_time import now, run


def test_equal_questions_under_way_are_one_and_later_ones_are_not() -> None:
    async def check() -> None:
        system, guard = System(seconds=1), guarded()

        def ask(same: object) -> object:
            return guard.call(system, repeatable=True, same=same)

        found = await asyncio.gather(*(ask("a") for _ in range(5)), ask("b"))  # type: ignore[call-overload]
        assert found == ["answer 0"] * 5 + ["answer 1"]
        assert await guard.call(system, repeatable=True, same="a") == "answer 2", "nothing is kept"
        assert idle(guard)

    run(check())


def test_where_reads_are_not_shared_each_is_asked() -> None:
    async def check() -> None:
        system, guard = System(seconds=1), guarded(share_reads=False)
        found = await asyncio.gather(*(guard.call(system, repeatable=True, same="a") for _ in range(3)))
        assert sorted(found) == ["answer 0", "answer 1", "answer 2"]
        assert idle(guard)

    run(check())


def test_the_first_one_s_id_is_sent_and_nobody_s_deadline() -> None:
    async def check() -> None:
        guard = guarded()
        seen = []

        async def ask() -> None:
            seen.append((request_id.get(), deadline.remaining(1000)))
            await asyncio.sleep(1)

        async def caller(name: str) -> None:
            request_id.set(name)
            with deadline.within(3):
                await guard.call(ask, repeatable=True, same="a")

        await asyncio.gather(caller("first"), caller("second"))
        assert seen == [("first", 1000)], "those who wait keep the time"

    run(check())


def test_a_failure_is_everybody_s() -> None:
    async def check() -> None:
        guard, system = guarded(), System(seconds=1, error=UpstreamUnavailable("erp", status=500))
        ended = await asyncio.gather(
            *(outcome(guard.call(system, repeatable=True, same="a")) for _ in range(3))
        )
        assert {result for _, result in ended} == {system.error}
        assert len(system.attempts) == 1

    run(check())


@pytest.mark.parametrize("leaver", [0, 1, 2])
def test_who_leaves_harms_nobody(leaver: int) -> None:
    async def check() -> None:
        system, guard = System(seconds=2), guarded()
        tasks = [asyncio.create_task(guard.call(system, repeatable=True, same="a")) for _ in range(3)]
        await asyncio.sleep(1)
        tasks[leaver].cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert [each for each in ended if each == "answer 0"] == ["answer 0"] * 2
        assert isinstance(ended[leaver], asyncio.CancelledError)
        assert now() == 2

    run(check())


def test_the_last_to_leave_ends_it_and_whoever_comes_then_asks_anew() -> None:
    async def check() -> None:
        system, guard = System(seconds=2), guarded()
        tasks = [asyncio.create_task(guard.call(system, repeatable=True, same="a")) for _ in range(3)]
        await asyncio.sleep(1)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert await guard.call(system, repeatable=True, same="a") == "answer 1"
        assert system.broken_off == 1

    run(check())


def test_everybody_s_own_deadline() -> None:
    async def check() -> None:
        system, guard = System(seconds=4), guarded()

        async def patient(seconds: float) -> tuple[float, object]:
            with deadline.within(seconds):
                return await outcome(guard.call(system, repeatable=True, same="a"))

        (first, error), (second, answer) = await asyncio.gather(patient(1), patient(9))
        assert (first, second) == (1, 4)
        assert isinstance(error, UpstreamTimeout)
        assert answer == "answer 0", "the shared call goes on for the one who still waits"

    run(check())


def test_a_call_that_hangs_is_not_kept_alive_by_newcomers() -> None:
    """Whoever gave it up shows that it is no use to join."""

    async def check() -> None:
        system, guard = System(seconds=1000), guarded()
        ended = await asyncio.gather(
            *(after(second, lambda: guard.call(system, repeatable=True, same="a")) for second in range(20))
        )
        assert {took for took, _ in ended} == {TIMEOUT}
        assert len(system.attempts) == 4
        assert idle(guard)

    run(check())


@pytest.mark.parametrize("failing", [False, True])
def test_who_has_written_reads_what_they_wrote(failing: bool) -> None:
    async def check() -> None:
        guard, reads = guarded(), System(seconds=3)
        old = asyncio.create_task(guard.call(reads, repeatable=True, same="a"))
        await asyncio.sleep(1)
        writes = System(error=UpstreamUnavailable("erp") if failing else None)
        await outcome(guard.call(writes, repeatable=False))
        assert await guard.call(reads, repeatable=True, same="a") == "answer 1"
        assert await old == "answer 0"

    run(check())


def test_who_was_told_of_a_change_reads_it() -> None:
    async def check() -> None:
        guard, reads = guarded(), System(seconds=3)
        old = asyncio.create_task(guard.call(reads, repeatable=True, same="a"))
        await asyncio.sleep(1)
        guard.news()
        assert await guard.call(reads, repeatable=True, same="a") == "answer 1"
        await old

    run(check())


Caller = tuple[float, str | None, float, float | None]
"""When they come, what they ask, their deadline, and when they hang up."""
TIMES = st.integers(0, 40).map(lambda tenths: tenths / 4)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(TIMES, st.sampled_from(["a", "b", None]), TIMES.map(lambda x: x + 0.25), st.none() | TIMES),
        max_size=30,
    ),
    st.lists(st.tuples(TIMES, st.sampled_from([None, 503, 429, 500])), min_size=1, max_size=8),
)
def test_whatever_happens(callers: Sequence[Caller], behaviour: Sequence[tuple[float, int | None]]) -> None:
    """Nobody waits longer than they may, nobody gets another's answer, nothing is left, nobody is flooded."""
    most = 2

    async def check() -> None:
        guard = guarded(connections=most, queue=5)
        inside = made = 0

        async def asked(question: str | None) -> str:
            nonlocal inside, made
            seconds, status = behaviour[made % len(behaviour)]
            made += 1
            inside += 1
            try:
                assert inside <= most
                await asyncio.sleep(seconds)
            finally:
                inside -= 1
            if status:
                raise UpstreamUnavailable("erp", status=status)
            return f"answer to {question}"

        async def caller(come: float, question: str | None, patience: float, leaves: float | None) -> None:
            await asyncio.sleep(come)

            async def call() -> None:
                began = now()
                with deadline.within(patience):
                    took, result = await outcome(
                        guard.call(lambda: asked(question), repeatable=question is not None, same=question)
                    )
                assert took <= min(patience, TIMEOUT) + 1e-6
                assert now() == began + took
                assert (
                    isinstance(result, UpstreamTimeout | UpstreamUnavailable)
                    or result == f"answer to {question}"
                )

            task = asyncio.create_task(call())
            if leaves is not None:
                asyncio.get_running_loop().call_later(leaves, task.cancel)
            await asyncio.wait((task,))
            if not task.cancelled():
                task.result()

        await asyncio.gather(*(caller(*each) for each in callers))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert idle(guard)
        assert inside == 0
        assert made <= len(callers) + 10 + 0.1 * len(callers) + now()

    run(check())
