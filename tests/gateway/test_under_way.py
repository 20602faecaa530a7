"""The bound on heavy operations: never more at once, each in its turn, nothing lost by those who leave."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from connectors import deadline
from gateway.graphql.under_way import UnderWay

MOST = 1000
costs = st.integers(1, 3 * MOST)


class Operation:
    """One that runs until it is told to end."""

    def __init__(self, under_way: UnderWay, cost: int) -> None:
        self.cost = min(cost, MOST)
        self.turn = under_way.taking(cost)
        self.began = False
        self.end = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        if self.turn is None:
            self.began, self.cost = True, 0
            await self.end.wait()
            return
        async with self.turn:
            self.began = True
            await self.end.wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@given(st.lists(st.tuples(costs, st.sampled_from(["ends", "leaves", "stays"]), st.integers(0, 20))))
def test_never_more_at_once_and_first_come_first_served(
    steps: list[tuple[int, str, int]],
) -> None:
    async def run() -> None:
        under_way, operations = UnderWay(MOST), list[Operation]()
        for cost, what, which in steps:
            operations.append(Operation(under_way, cost))
            await settled()
            other = operations[which % len(operations)]
            if what == "ends":
                other.end.set()
            elif what == "leaves":
                other.task.cancel()
            await settled()
            there = [each for each in operations if not each.task.done()]
            assert sum(each.cost for each in there if each.began) <= MOST
            heavy = [each for each in there if each.cost]
            waiting = [each for each in heavy if not each.began]
            assert waiting == heavy[len(heavy) - len(waiting) :], "in their order"
            if waiting:
                assert sum(each.cost for each in heavy if each.began) + waiting[0].cost > MOST, "in vain"
        for each in operations:
            each.end.set()
        await asyncio.wait_for(
            asyncio.gather(*(each.task for each in operations), return_exceptions=True), 60
        )
        assert all(each.began or each.task.cancelled() for each in operations)
        last = Operation(under_way, MOST)
        await settled()
        assert last.began, "all was given back"
        last.end.set()
        await last.task

    asyncio.run(run())


async def test_who_has_waited_for_half_of_their_time_runs_all_the_same() -> None:
    """A system that hangs must not cost those anything who don't ask it."""
    under_way = UnderWay(MOST)
    first = Operation(under_way, MOST)
    await settled()
    turn = under_way.taking(MOST)
    assert turn is not None
    began = asyncio.get_running_loop().time()
    with deadline.within(0.1):
        async with turn:
            assert asyncio.get_running_loop().time() - began >= 0.05
            assert not first.task.done()
    assert under_way.impatient == 1
    waiting = Operation(under_way, 1 + MOST // 100)
    await settled()
    assert not waiting.began, "it gave nothing back that it hadn't taken"
    assert (under_way.cost, under_way.waiting) == (MOST, 1)
    first.end.set()
    await first.task
    await settled()
    assert waiting.began
    waiting.end.set()
    await waiting.task
    assert (under_way.cost, under_way.waiting, under_way.impatient) == (0, 0, 1)


def test_light_ones_have_no_turn() -> None:
    under_way = UnderWay(MOST)
    assert under_way.taking(MOST // 100) is None
    assert under_way.taking(MOST // 100 + 1) is not None
