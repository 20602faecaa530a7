"""Loaders: joined into batches, filtered, and safe from each other's cancellation."""

import asyncio
import gc
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import MalformedRecord, UpstreamError, UpstreamUnavailable
from connectors.record import Record
from resolvers.downloads.links import DownloadLinks
from resolvers.loading import Loader
from resolvers.operation import Operation
from resolvers.viewer import Role, Viewer
from tests.harness.operations import operation

LINKS = DownloadLinks(bytes(32), 300)


class Thing(Record, frozen=True):
    """A record of a client."""

    id: str
    client_number: str = "0010001"


def thing(key: str, client: str = "0010001") -> Thing:
    return Thing(as_of=datetime(2026, 11, 22, tzinfo=UTC), id=key, client_number=client)


class Source:
    """A batch function that notes its calls and answers once the gate is open."""

    def __init__(self, **results: Any) -> None:
        self.calls: list[tuple[list[str], tuple[Any, ...]]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: UpstreamError | None = None
        self._results = results

    async def things_by_id(self, _op: Operation, keys: Sequence[str], *arguments: Any) -> list[Any]:
        self.calls.append((list(keys), arguments))
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [self._results.get(key, thing(key)) for key in keys]


@pytest.fixture
def op() -> Operation:
    viewer = Viewer("0010001", "Anna", Role.OWNER, frozenset({"0010001"}))
    return operation(viewer, links=LINKS)


async def settled(times: int = 5) -> None:
    """Lets the loop run what is ready."""
    for _ in range(times):
        await asyncio.sleep(0)


async def test_calls_of_one_turn_are_one_batch(op: Operation) -> None:
    source = Source()
    loader: Loader[Thing] = Loader(source.things_by_id)
    found = await asyncio.gather(*(loader.load(op, key) for key in ("a", "b", "a")))
    assert [each.id for each in found] == ["a", "b", "a"]
    await loader.load(op, "b")
    assert source.calls == [(["a", "b"], ())]


async def test_other_arguments_are_another_question(op: Operation) -> None:
    source = Source()
    loader: Loader[Thing] = Loader(source.things_by_id)
    await asyncio.gather(loader.load(op, "a", 1), loader.load(op, "a", 2), loader.load(op, "b", 1))
    assert sorted(source.calls) == [(["a"], (2,)), (["a", "b"], (1,))]


async def test_another_operation_asks_anew(op: Operation) -> None:
    """Nothing that one viewer loaded is another's."""
    source = Source()
    loader: Loader[Thing] = Loader(source.things_by_id)
    stranger = operation(None, links=LINKS)
    found = await asyncio.gather(loader.load(op, "a"), loader.load(stranger, "a"))
    assert [each and each.id for each in found] == ["a", None]
    assert len(source.calls) == 2


async def test_what_is_not_the_viewer_s_is_none(op: Operation) -> None:
    loader: Loader[Thing | None] = Loader(Source(b=thing("b", "0010002"), c=None).things_by_id)
    found = await asyncio.gather(*(loader.load(op, key) for key in "abc"))
    assert [each and each.id for each in found] == ["a", None, None]


async def test_a_malformed_record_is_its_own_error(op: Operation) -> None:
    broken = MalformedRecord("erp", "thing b", "no date", "0010001")
    loader: Loader[Thing] = Loader(Source(b=broken).things_by_id)
    first, second = await asyncio.gather(loader.load(op, "a"), loader.load(op, "b"), return_exceptions=True)
    assert isinstance(first, Thing)
    assert second is broken
    assert await loader.load_each(op, ["b", "a"]) == [broken, first]


async def test_a_failing_batch_fails_all_its_callers(op: Operation) -> None:
    source = Source()
    source.error = UpstreamUnavailable("erp")
    loader: Loader[Thing] = Loader(source.things_by_id)
    found = await asyncio.gather(*(loader.load(op, key) for key in "ab"), return_exceptions=True)
    assert found == [source.error] * 2
    with pytest.raises(UpstreamUnavailable):
        await loader.load_each(op, ["c", "d"])


@pytest.mark.parametrize("when", ["before the batch", "during the batch"])
async def test_a_cancelled_waiter_poisons_nobody(when: str, op: Operation) -> None:
    """graphql-core cancels a field whose sibling failed; others wait for the same key."""
    source = Source()
    source.gate.clear()
    loader: Loader[Thing] = Loader(source.things_by_id)
    cancelled, same, other = (asyncio.create_task(loader.load(op, key)) for key in ("a", "a", "b"))
    await settled(1 if when == "before the batch" else 5)
    cancelled.cancel()
    await settled()
    source.gate.set()
    assert [(await same).id, (await other).id] == ["a", "b"]
    assert cancelled.cancelled()
    assert (await loader.load(op, "a")).id == "a", "nor whoever asks later"
    assert source.calls == [(["a", "b"], ())]


async def test_the_first_caller_s_cancellation_leaves_the_batch_running(op: Operation) -> None:
    """The batch runs in a task that the first caller's turn made."""
    source = Source()
    source.gate.clear()
    loader: Loader[Thing] = Loader(source.things_by_id)

    async def field() -> Thing:
        return await loader.load(op, "a")

    first = asyncio.create_task(field())
    await settled()
    later = asyncio.create_task(loader.load(op, "a"))
    await settled()
    first.cancel()
    await settled()
    source.gate.set()
    assert (await later).id == "a"


async def test_an_error_that_nobody_waits_for_is_no_news(op: Operation) -> None:
    """Else asyncio would complain of an exception never retrieved, which fails this test run."""
    source = Source()
    source.gate.clear()
    source.error = UpstreamUnavailable("erp")
    loader: Loader[Thing] = Loader(source.things_by_id)
    complaints: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: complaints.append(context))
    try:
        waiters = [asyncio.create_task(loader.load(op, key)) for key in "ab"]
        await settled()
        for waiter in waiters:
            waiter.cancel()
        await settled()
        source.gate.set()
        await settled(20)
        del waiters, loader, op
        gc.collect()
        await settled()
    finally:
        loop.set_exception_handler(None)
    assert complaints == []


async def test_levels_asked_in_one_turn_are_one_batch(op: Operation) -> None:
    source = Source()
    loader: Loader[Thing] = Loader(source.things_by_id)
    asked = [["a", "b"], ["b", "c"], []]
    first, second, none = await asyncio.gather(*(loader.many(op, keys) for keys in asked))
    assert [each.id for each in (*first, *second) if isinstance(each, Thing)] == ["a", "b", "b", "c"]
    assert none == []
    assert [each and each.id for each in await loader.many(op, ["c", "d"]) if not isinstance(each, Exception)]
    assert source.calls == [(["a", "b", "c"], ()), (["d"], ())]


async def test_in_its_own_task_an_operation_asks_at_once(op: Operation) -> None:
    """Nobody else can ask for anything then, as it does one thing after the other."""
    source = Source()
    source.gate.clear()
    loader: Loader[Thing] = Loader(source.things_by_id)
    op.task = asyncio.current_task()
    level = loader.many(op, ["a"])
    level.send(None)
    assert source.calls == [(["a"], ())]
    level.close()
    assert await loader.many(op, []) == []
    assert len(source.calls) == 1
    source.gate.set()
    await asyncio.gather(*(loader.many(op, keys) for keys in ["ab", "bc"]))
    assert source.calls[1:] == [(["a", "b", "c"], ())]


async def test_in_its_own_task_an_operation_asks_once_for_a_key(op: Operation) -> None:
    source = Source()
    loader: Loader[Thing] = Loader(source.things_by_id)
    op.task = asyncio.current_task()
    for keys in ("aba", "bc", "a"):
        found = await loader.many(op, list(keys))
        assert [each.id for each in found if isinstance(each, Thing)] == list(keys)
    source.error = UpstreamUnavailable("erp")
    with pytest.raises(UpstreamUnavailable):
        await loader.many(op, ["d"], "other")
    source.error = None
    assert len(await loader.many(op, ["d"], "other")) == 1
    assert source.calls[:2] == [(["a", "b"], ()), (["c"], ())]
    assert source.calls[2:] == [(["d"], ("other",))] * 2


async def test_a_level_and_single_keys_are_not_asked_for_twice(op: Operation) -> None:
    source = Source()
    loader: Loader[Thing] = Loader(source.things_by_id)
    await loader.many(op, ["a", "b"])
    assert (await loader.load(op, "a")).id == "a"
    assert source.calls == [(["a", "b"], ())]
    loader.forget(op, "a")
    await asyncio.gather(loader.load(op, "a"), loader.load(op, "b"))
    assert source.calls[1:] == [(["a"], ())]


async def test_a_level_is_filtered_like_single_keys(op: Operation) -> None:
    broken, foreign = (
        MalformedRecord("erp", "thing", "no date", number) for number in ("0010001", "0010002")
    )
    source = Source(b=thing("b", "0010002"), c=None, d=broken, e=foreign)
    loader: Loader[Thing | None] = Loader(source.things_by_id)
    found = await loader.many(op, list("abcde"))
    assert [each.id for each in found[:1] if isinstance(each, Thing)] == ["a"]
    assert found[1:] == [None, None, broken, None]


async def test_a_failing_level_fails_whoever_waits_and_is_not_remembered(op: Operation) -> None:
    source = Source()
    source.error = UpstreamUnavailable("erp")
    loader: Loader[Thing] = Loader(source.things_by_id)
    both = (loader.many(op, ["a", "b"]), loader.many(op, ["b"]))
    first, second = await asyncio.gather(*both, return_exceptions=True)
    assert first is second is source.error
    source.error = None
    assert len(await loader.many(op, ["a", "b"])) == 2


@pytest.mark.parametrize("when", ["before the batch", "during the batch"])
async def test_who_shares_a_level_with_someone_cancelled_asks_again(when: str, op: Operation) -> None:
    source = Source()
    source.gate.clear()
    loader: Loader[Thing] = Loader(source.things_by_id)
    cancelled, other = (asyncio.create_task(loader.many(op, ["a"])) for _ in range(2))
    await settled(1 if when == "before the batch" else 5)
    cancelled.cancel()
    await settled()
    source.gate.set()
    assert [each.id for each in await other if isinstance(each, Thing)] == ["a"]
    assert cancelled.cancelled()


async def test_what_is_forgotten_on_its_way_is_asked_for_anew(op: Operation) -> None:
    """A mutation's own change must not be covered by what was read before it."""
    source = Source()
    source.gate.clear()
    loader: Loader[Thing] = Loader(source.things_by_id)
    reading = asyncio.create_task(loader.many(op, ["a", "b"]))
    await settled()
    loader.forget(op, "a")
    source.gate.set()
    assert len(await reading) == 2
    assert source.calls == [(["a", "b"], ()), (["a"], ())]


async def test_an_operation_that_is_abandoned_ends_the_batches_it_began(op: Operation) -> None:
    """They run in tasks of their own, and would ask on for nobody."""
    source = Source()
    source.gate.clear()
    ended = asyncio.Event()

    async def things(op: Operation, keys: Sequence[str]) -> list[Any]:
        try:
            return await source.things_by_id(op, keys)
        finally:
            ended.set()

    waiting = asyncio.create_task(Loader(things).load(op, "a"))
    await settled()
    assert source.calls
    waiting.cancel()
    await settled()
    assert not ended.is_set(), "another one may wait for the same"
    op.abandon()
    await settled()
    assert ended.is_set()
