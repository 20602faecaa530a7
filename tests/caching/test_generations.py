"""What was asked for before a change is never read after it, however questions, answers and changes meet."""

import asyncio
from pathlib import Path
from typing import Any, cast

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from connectors.caching.reading import Ages
from gateway.store_sharing import SharingClient
from tests.caching.shelf import CLIENT, House, System

FOREVER = Ages(80_000, 80_000)
ASK, ANSWER, CHANGE, LOSE = "ask", "answer", "change", "lose the generations"
STEPS = st.tuples(st.sampled_from([ASK, ASK, ASK, ANSWER, ANSWER, CHANGE, LOSE]), st.integers(0, 7))


async def settled(house: House, reads: int) -> None:
    """Its question has found its answer, or waits for the system."""
    while house.answers.reads == reads:  # noqa: ASYNC110 - the pace is the loop's
        await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=14))
@example([(ASK, 0), (CHANGE, 1), (ANSWER, 0), (ASK, 0)])  # answered after the change, with what was before it
@example([(ASK, 0), (CHANGE, 1), (ASK, 0), (ANSWER, 0)])  # it must not be joined either
@example([(ASK, 0), (LOSE, 0), (CHANGE, 0), (ANSWER, 0), (ASK, 1)])
@example(
    [(ASK, 0), (CHANGE, 0), (ASK, 1), (ANSWER, 1), (ANSWER, 0), (ASK, 0)]
)  # the later answer comes first
async def test_nothing_older_than_the_change_before_the_question(
    store: Redis, steps: list[tuple[str, int]]
) -> None:
    """Two gateways on a store; changes are told by either. A reader may get what is newer, never older."""
    await store.flushall()
    system = System()
    system.held = True
    houses = [House(system, store, FOREVER) for _ in range(2)]
    asked: list[tuple[int, asyncio.Task[list[Any]]]] = []
    for step, which in steps:
        house = houses[which % 2]
        if step == ASK:
            reads = house.answers.reads
            asked.append((system.version, asyncio.create_task(house.ask("a"))))
            await settled(house, reads)
        elif step == ANSWER:
            if waiting := [gate for gate in system.gates if not gate.is_set()]:
                waiting[which % len(waiting)].set()
                for _ in range(20):
                    await asyncio.sleep(0)
        elif step == CHANGE:
            system.version += 1
            await house.answers.empty({CLIENT})
        else:  # as a store does that evicts
            for name in [name async for name in store.scan_iter("cache:of:*")]:
                await store.delete(name)
    system.held = False
    for gate in system.gates:
        gate.set()
    for version, task in asked:
        assert (await task)[0] >= version
    for house in houses:
        assert await house.ask("a") == [system.version]


async def test_a_client_is_emptied_alone(store: Redis) -> None:
    system, other = System(), frozenset({"0010002"})
    house = House(system, store, FOREVER)
    both = frozenset({CLIENT, "0010002"})
    for clients in (frozenset({CLIENT}), other, both):
        await house.ask("a", clients=clients)
    system.version = 1
    await house.answers.empty({CLIENT})
    assert await house.ask("a", clients=other) == [0]
    assert await house.ask("a") == [1]
    assert await house.ask("a", clients=both) == [1], "whoever acts for it among others"
    system.version = 2
    await house.answers.empty(None)
    for clients in (frozenset({CLIENT}), other, both):
        assert await house.ask("a", clients=clients) == [2]


async def test_no_set_of_clients_gets_what_another_asked_for(store: Redis) -> None:
    system = System()
    house = House(system, store, FOREVER)
    for version, clients in enumerate([{"1"}, {"2"}, {"1", "2"}, {"12"}, set[str]()]):
        system.version = version
        assert await house.ask("a", clients=frozenset(clients)) == [version]


async def test_what_could_not_be_emptied_is_emptied_before_it_is_read(store: Redis) -> None:
    """The store is out of reach when the change comes, and has forgotten nothing when it is back."""
    system = System()
    house = House(system, store, FOREVER)
    await house.ask("a")
    socket = Path(store.connection_pool.connection_kwargs["path"])
    elsewhere = socket.rename(socket.with_suffix(".away"))
    cast("SharingClient", store).leave()
    system.version = 1
    await house.answers.empty({CLIENT})
    assert await house.ask("a") == [1], "nothing is kept, so it is asked for"
    assert house.outcomes == {"miss": 1, "away": 1}
    elsewhere.rename(socket)
    async with asyncio.timeout(60):
        while await house.answers.read([], []) is None:  # noqa: ASYNC110 - nobody tells when it is back
            await asyncio.sleep(0.05)
    assert await house.ask("a") == [1]
