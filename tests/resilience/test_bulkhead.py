"""Bounded concurrency: never more than that, first come first served, nothing lost when somebody leaves."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import UpstreamOverloaded
from connectors.resilience.bulkhead import Bulkhead
from tests.resilience.virtual_time import run


@asynccontextmanager
async def inside(bulkhead: Bulkhead) -> AsyncIterator[None]:
    """A stay, as a guard makes it."""
    if not bulkhead.enter():
        await bulkhead.turn()
    try:
        yield
    finally:
        bulkhead.leave()


MOST, QUEUE = 3, 4
Visitor = tuple[int, int, int | None]
"""When they come, how long they stay once inside, and after what time they lose patience."""


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), st.none() | st.integers(0, 12)), max_size=25)
)
def test_visitors_come_and_go(visitors: list[Visitor]) -> None:
    bulkhead = Bulkhead("erp", MOST, QUEUE)
    came: list[int] = []
    entered: list[int] = []
    gone: set[int] = set()

    async def visit(number: int, stay: int) -> None:
        waiting = bulkhead.waiting
        full = bulkhead.inside == MOST or waiting > 0
        try:
            came.append(number)
            async with inside(bulkhead):
                entered.append(number)
                assert bulkhead.inside <= MOST
                assert bulkhead.waiting <= QUEUE
                await asyncio.sleep(stay)
        except UpstreamOverloaded:
            assert full
            assert waiting == QUEUE
            gone.add(number)
        except asyncio.CancelledError:
            gone.add(number)
            raise

    async def visitor(number: int, visitor: Visitor) -> None:
        come, stay, patience = visitor
        await asyncio.sleep(come)
        task = asyncio.create_task(visit(number, stay))
        if patience is not None:
            asyncio.get_running_loop().call_later(patience, task.cancel)
        await asyncio.wait((task,))
        if not task.cancelled():
            task.result()

    async def everybody() -> None:
        await asyncio.gather(*(visitor(number, each) for number, each in enumerate(visitors)))

    run(everybody())
    assert (bulkhead.inside, bulkhead.waiting) == (0, 0)
    assert [each for each in came if each in entered] == entered, "first come, first served"
    assert set(came) == set(entered) | gone


def test_a_flood_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    bulkhead = Bulkhead("erp", 1, 0)

    async def flood() -> None:
        for _ in range(2):
            async with inside(bulkhead):
                for _ in range(5):
                    with pytest.raises(UpstreamOverloaded, match="erp"):
                        async with inside(bulkhead):
                            pass

    with caplog.at_level(logging.INFO):
        run(flood())
    assert [record.__dict__["upstream"] for record in caplog.records] == ["erp", "erp"], "once each time"
