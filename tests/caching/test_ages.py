"""How old an answer may be."""

import pytest
from redis.asyncio import Redis

from connectors.caching.entry import MOMENT
from connectors.caching.reading import MOST_KEYS, Ages
from connectors.errors import (
    MalformedAnswer,
    UpstreamCircuitOpen,
    UpstreamError,
    UpstreamOverloaded,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from tests.caching.shelf import House, System, pass_by

AGES = Ages(1000, 10_000)


@pytest.fixture
def system() -> System:
    return System()


async def test_only_what_is_missing_is_asked_for(store: Redis, system: System) -> None:
    house = House(system, store, AGES)
    await house.ask("a", "b")
    system.version = 1
    assert await house.ask("b", "c", "a") == [0, 1, 0]
    assert system.asked == [["a", "b"], ["c"]]
    assert house.outcomes == {"miss": 3, "hit": 2}
    await pass_by(store, 900)
    assert await House(system, store, AGES).ask("a") == [0], "the next gateway is as well off"
    await pass_by(store, 200)
    assert await house.ask("a", "b") == [1, 1]


@pytest.mark.parametrize(
    "kind", [UpstreamTimeout, UpstreamUnavailable, UpstreamCircuitOpen, UpstreamOverloaded]
)
async def test_an_old_answer_stands_in_for_a_system_that_fails(
    kind: type[UpstreamError], store: Redis, system: System
) -> None:
    house = House(system, store, AGES)
    await house.ask("a")
    await pass_by(store, 5000)
    await house.ask("b")
    await pass_by(store, 1500)
    system.error = kind("erp")  # type: ignore[call-arg]
    a, b, c = await house.ask("a", "b", "c")
    assert (a, b) == (0, 0)
    assert isinstance(c, kind), "nothing stands in for what nobody asked for"
    assert house.outcomes == {"miss": 3, "stale": 2}
    (stand_in,) = house.last.stand_ins.values()
    seconds, microseconds = await store.time()
    now = seconds + microseconds / 1_000_000
    assert (stand_in.system, stand_in.code) == ("erp", kind.code)
    assert 6500 <= now - stand_in.as_of.timestamp() < 6600, "the older of both"
    await pass_by(store, 4000)
    first, second = await house.ask("a", "b")
    assert isinstance(first, kind)
    assert second == 0
    await pass_by(store, 5000)
    with pytest.raises(kind):
        await house.ask("a", "b")
    assert not house.last.stand_ins


@pytest.mark.parametrize("error", [UpstreamRejected("erp", 400), MalformedAnswer("erp")])
async def test_nothing_stands_in_for_a_refusal(error: UpstreamError, store: Redis, system: System) -> None:
    house = House(system, store, AGES)
    await house.ask("a")
    await pass_by(store, 2000)
    system.error = error
    with pytest.raises(type(error)):
        await house.ask("a")


async def test_amounts_have_an_age_of_their_own(store: Redis, system: System) -> None:
    house = House(system, store, AGES.at_most(500))
    await house.ask("a")
    await pass_by(store, 400)
    system.version = 1
    assert await house.ask("a") == [0]
    await pass_by(store, 200)
    system.error = UpstreamUnavailable("erp")
    with pytest.raises(UpstreamUnavailable):
        await house.ask("a")
    system.error = None
    assert await house.ask("a") == [1]


async def test_asked_anew_and_kept_for_the_worst(store: Redis, system: System) -> None:
    house = House(system, store, Ages(0, 1000))
    await house.ask("a")
    system.version = 1
    assert await house.ask("a") == [1]
    system.error = UpstreamUnavailable("erp")
    assert await house.ask("a") == [1]


async def test_a_clock_that_was_set_back(store: Redis, system: System) -> None:
    house = House(system, store, AGES)
    await house.ask("a")
    await pass_by(store, -100)
    system.version = 1
    assert await house.ask("a") == [1]


async def test_what_is_not_kept(store: Redis, system: System) -> None:
    house = House(system, store, AGES, most=1)
    await house.ask("a")
    assert [name async for name in store.scan_iter("cache:erp:*")] == [], "the store is full"
    house = House(system, store, AGES)
    await house.ask(*map(str, range(MOST_KEYS + 1)))
    assert [name async for name in store.scan_iter("cache:erp:*")] == [], "the batch is too large"
    await house.ask("a")
    assert len([name async for name in store.scan_iter("cache:erp:*")]) == 1


async def test_nobody_makes_up_an_answer_in_the_store(store: Redis, system: System) -> None:
    """Nor its age, nor that it answers another question."""
    house = House(system, store, AGES)
    await house.ask("a", "b")
    one, other = [name async for name in store.scan_iter("cache:erp:*")]
    value = await store.get(one)
    assert isinstance(value, bytes)
    later = b"%013d" % (int(value[:MOMENT]) + 1)
    for wrong in (value[:-1], value[:-1] + bytes([value[-1] ^ 1]), later + value[MOMENT:], value[:60], b"1"):
        system.version += 1
        await store.set(one, wrong)
        await store.set(other, value)
        assert await house.ask("a", "b") == [system.version] * 2
