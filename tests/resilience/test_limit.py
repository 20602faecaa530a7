"""A limit does to its block what `asyncio.timeout` does."""

import asyncio
from itertools import product

from connectors.resilience.limit import NEVER, Limit, Limits
from tests.resilience.virtual_time import now, run

Outcome = tuple[float, str, int]
"""When the block was over, by which error, and how many cancellations its task still has."""


async def _limited(limits: Limits, seconds: float | None, lasts: float) -> None:
    with Limit(limits, NEVER if seconds is None else now() + seconds):
        await asyncio.sleep(lasts)


async def _timed(seconds: float | None, lasts: float) -> None:
    async with asyncio.timeout(seconds):
        await asyncio.sleep(lasts)


async def _outcome(
    limits: Limits | None, seconds: float | None, lasts: float, cancelled: float | None
) -> Outcome:
    began, told = now(), list[Outcome]()

    async def block() -> None:
        task = asyncio.current_task()
        assert task is not None
        error = ""
        try:
            await (_timed(seconds, lasts) if limits is None else _limited(limits, seconds, lasts))
        except (TimeoutError, asyncio.CancelledError) as found:
            error = type(found).__name__
        told.append((now() - began, error, task.cancelling()))

    task = asyncio.create_task(block())
    if cancelled is not None:
        asyncio.get_running_loop().call_later(cancelled, task.cancel)
    await asyncio.wait((task,))
    return told[0] if told else (now() - began, "never begun", 0)


TIMES = (1.0, 2.0, 3.0)
CASES = tuple(product((None, *TIMES), (0.0, *TIMES), (None, 0.0, *TIMES)))
"""Seconds of the limit, of the block, and until somebody else cancels it."""


def test_as_asyncio_does() -> None:
    async def compare() -> None:
        seen, limits = set(), Limits(now)
        for case in CASES:
            ours = await _outcome(limits, *case)
            assert ours == await _outcome(None, *case), case
            seen.add(ours[1])
        assert seen >= {"", "TimeoutError", "CancelledError"}

    run(compare())


def test_many_at_once_by_one_timer_also_in_another_event_loop() -> None:
    async def later(limits: Limits | None, turn: int) -> Outcome:
        await asyncio.sleep(turn % 7 / 4)
        return await _outcome(limits, *CASES[turn * 37 % len(CASES)])

    async def compare() -> None:
        ours = await asyncio.gather(*(later(limits, turn) for turn in range(len(CASES))))
        assert ours == await asyncio.gather(*(later(None, turn) for turn in range(len(CASES))))

    limits = Limits(now)
    run(compare())
    run(compare())
