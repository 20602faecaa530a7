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


def test_as_asyncio_does() -> None:
    times = (1.0, 2.0, 3.0)

    async def compare() -> None:
        seen, limits = set(), Limits(now)
        for seconds, lasts, cancelled in product((None, *times), (0.0, *times), (None, 0.0, *times)):
            ours = await _outcome(limits, seconds, lasts, cancelled)
            assert ours == await _outcome(None, seconds, lasts, cancelled), (seconds, lasts, cancelled)
            seen.add(ours[1])
        assert seen >= {"", "TimeoutError", "CancelledError"}

    run(compare())
