"""A relation says the same of one source and of many."""

import asyncio
from typing import Any, NamedTuple

import pytest

from connectors.batch import Page
from connectors.erp.records.contract import ContractRecord
from connectors.errors import MalformedRecord, UpstreamUnavailable
from resolvers.errors import MissingScope
from resolvers.loading import Loader
from resolvers.operation import Operation
from resolvers.relation import Relation, items
from resolvers.scopes import SCOPES
from resolvers.viewer import Tool
from tests.harness.operations import operation
from tests.resolvers.test_loading import Source, Thing, op, settled, thing

__all__ = ["op", "settled"]  # the fixture


class Owner(NamedTuple):
    """A source; without a key it has none."""

    key: str | None


def picky(found: Any) -> str:
    if found.id == "c":
        raise ValueError("c")
    return f"<{found.id}>"


BROKEN = MalformedRecord("erp", "thing b", "no date", "0010001")
FOUND = {"b": BROKEN, "d": thing("d", "0010002")}
SOURCES = [Owner(key) for key in ("a", None, "b", "c", "d", "a", "")]


async def one_by_one(relation: Relation[Owner, Any], op: Operation) -> list[Any]:
    return await asyncio.gather(*(relation(op, each) for each in SOURCES), return_exceptions=True)


@pytest.mark.parametrize("then", [None, picky])
async def test_of_one_and_of_many(then: Any, op: Operation) -> None:
    relation: Relation[Owner, Any] = Relation(
        Loader(Source(**FOUND).things_by_id), lambda each: each.key, then
    )
    other: Relation[Owner, Any] = Relation(Loader(Source(**FOUND).things_by_id), lambda each: each.key, then)
    single, many = await one_by_one(relation, op), await other.each(op, SOURCES)
    assert list(map(repr, single)) == list(map(repr, many))
    assert many[1] is many[4] is many[6] is None
    assert many[2] is BROKEN


async def test_an_answer_made_of_an_answer(op: Operation) -> None:
    pages = {"a": Page([thing("x"), thing("y")])}
    relation: Relation[Owner, Any] = Relation(
        Loader(Source(**pages).things_by_id), lambda each: each.key, items
    )
    assert await relation.then(len).each(op, [Owner("a"), Owner(None)]) == [2, None]
    assert await relation.then(len)(op, Owner("a")) == 2


async def test_a_batch_that_fails(op: Operation) -> None:
    source = Source()
    source.error = UpstreamUnavailable("erp")
    relation: Relation[Owner, Any] = Relation(Loader(source.things_by_id), lambda each: each.key)
    with pytest.raises(UpstreamUnavailable):
        await relation.each(op, SOURCES)
    assert await relation.each(op, [Owner(None)]) == [None]


async def test_a_tool_is_told_which_scope_it_lacks_however_many_it_asks_for() -> None:
    op = operation(Tool("crm", "CRM", frozenset({"clients:read"})))
    source = Source()
    relation: Relation[Owner, Any] = Relation(
        Loader(source.things_by_id, ContractRecord), lambda each: each.key
    )
    with pytest.raises(MissingScope, match="contracts:read"):
        await relation.each(op, SOURCES)
    with pytest.raises(MissingScope, match="contracts:read"):
        await relation(op, SOURCES[0])
    assert source.calls == [], "the back office was asked"
    assert op.readings is not None
    assert not op.readings.records


async def test_what_a_tool_is_shown_is_noted_once_however_many_it_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scopes: dict[Any, str] = SCOPES  # type: ignore[assignment]
    monkeypatch.setitem(scopes, Thing, "things:read")
    tool = Tool("crm", "CRM", frozenset({"things:read"}))
    noted = []
    for ways in ((1, 0), (0, 1), (1, 1)):
        op = operation(tool)
        relation: Relation[Owner, Any] = Relation(
            Loader(Source(**FOUND).things_by_id, Thing), lambda each: each.key
        )
        for _ in range(ways[0]):
            await relation.each(op, SOURCES)
        for _ in range(ways[1]):
            await one_by_one(relation, op)
        assert op.readings is not None
        noted.append((dict(op.readings.records), op.readings.client_numbers))
    assert noted == [({"Thing": 3}, {"0010001", "0010002"})] * 3
