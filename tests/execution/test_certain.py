"""Objects whose class says of what classes their attributes are: answered alike, without a look at each."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import strawberry
from graphql import parse

from execution.documents import Document
from execution.engine import Engine
from execution.reading import BATCH, COMPUTED, EMBEDDED
from gateway.app import WRITTEN


@strawberry.enum
class Size(Enum):
    SMALL = "S"
    LARGE = "L"


@strawberry.type
class Money:
    amount: Decimal
    unit: str


def _price(root: strawberry.Parent[Any]) -> Any:
    return None if root.price is None else Money(amount=root.price, unit=root.unit)


def _size_of(count: int) -> Any:
    if count == 13:
        raise ValueError("unlucky")
    return Size.LARGE if count > 9 else Size.SMALL if count else None


def _sized(root: strawberry.Parent[Any]) -> Any:
    return _size_of(root.count)


async def _next(root: strawberry.Parent[Any]) -> Any:
    return root.number + 1


async def _next_each(_context: Any, things: Any) -> list[Any]:
    return [thing.number + 1 for thing in things]


@strawberry.type
class Thing:
    name: str
    note: str | None
    number: int
    yes: bool
    size: Size
    maybe_size: Size | None
    price: Money | None = strawberry.field(
        resolver=_price, metadata={EMBEDDED: {"amount": "price", "unit": "unit"}}
    )
    sized: Size | None = strawberry.field(resolver=_sized, metadata={COMPUTED: (_size_of, ("count",))})
    next: int = strawberry.field(resolver=_next, metadata={BATCH: _next_each})


@strawberry.type
class Query:
    things: list[Thing | None]


class Row(SimpleNamespace):
    """Of its attributes nothing is certain."""


class Sure(Row):
    """Of these all that `CERTAIN` says."""


NONE = type(None)
CERTAIN: dict[str, set[type]] = {
    "name": {str},
    "note": {str, NONE},
    "number": {int},
    "yes": {bool},
    "size": {Size},
    "maybe_size": {Size, NONE},
    "price": {Decimal},
    "unit": {str},
    "count": {int},
}


def certain(cls: type) -> Mapping[str, frozenset[type]]:
    """What is certain of `Sure`."""
    return {name: frozenset(kinds) for name, kinds in CERTAIN.items()} if cls is Sure else {}


class Schema(strawberry.Schema):
    """Without Strawberry's log of errors."""

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        """Nothing."""


SCHEMA = Schema(Query)
FIELDS = ("name", "note", "number", "yes", "size", "price { amount unit __typename }", "sized", "next")


def row(cls: type[Row] = Sure, **values: Any) -> Row:
    usual = {"name": "a", "note": None, "number": 1, "yes": True, "size": Size.SMALL, "maybe_size": None}
    return cls(**{**usual, "price": Decimal("1.50"), "unit": "PLN", "count": 1, **values})


async def answers(engine: Engine, things: list[Any], *fields: str) -> Any:
    (operation,) = Document(parse(f"{{ things {{ {' '.join(fields)} }} }}"), [], 1).operations
    found = []
    for _ in range(2):  # the first time it is learnt what is certain
        result = await engine.execute(operation, None, None, SimpleNamespace(things=things))
        told = [(each.message, each.path) for each in result.errors or ()]
        found.append((result.data, sorted(told, key=repr)))
    assert found == found[:1] * 2
    return found[0]


@pytest.mark.parametrize(
    "things",
    [
        [row(), row(note="n", number=-5, yes=False, size=Size.LARGE, count=10)],
        [row(count=13), row()],
        [row(count=0), row()],
        [row(number=2**31), row(number=-(2**31))],
        [row(), row(Row, name=None, price=None, count=13)],
        [row(), None, ValueError("broken")],
        [row(Row), row(Row, note=5, price=None)],
        [],
    ],
    ids=["right", "raising", "no code", "too large", "two classes", "no object", "not certain", "nothing"],
)
async def test_answers_are_those_of_graphql_core(things: list[Any]) -> None:
    oracle, sure = Engine(SCHEMA, compiled=False), Engine(SCHEMA, certain=certain)
    for asked in (FIELDS, ("maybeSize", *FIELDS), ("number",), ("size", "__typename", "other: name")):
        assert await answers(sure, things, *asked) == await answers(oracle, things, *asked)


async def test_what_is_certain_is_not_looked_at() -> None:
    """And only that: of other classes everything is."""
    for cls, shown in ((Sure, 5), (Row, "5")):
        data, errors = await answers(Engine(SCHEMA, certain=certain), [row(cls, name=5)], "name", "size")
        assert (data["things"][0]["name"], errors) == (shown, [])


async def test_a_class_of_which_too_little_is_certain_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A null where none may be, in a field or of an object, and another class."""
    cases: tuple[tuple[str, set[type], Any], ...] = (
        ("name", {str, NONE}, None),
        ("price", {Decimal, NONE}, None),
        ("unit", {str, NONE}, None),
        ("name", {str, int}, 5),
        ("number", {int, float}, 1.5),
    )
    for name, kinds, value in cases:
        monkeypatch.setitem(CERTAIN, name, kinds)
        engine, oracle = (Engine(SCHEMA, certain=certain, compiled=compiled) for compiled in (True, False))
        things = [row(**{name: value})]
        assert await answers(engine, things, *FIELDS) == await answers(oracle, things, *FIELDS)
        monkeypatch.undo()


async def test_amounts_are_left_to_the_writer() -> None:
    engine = Engine(SCHEMA, certain=certain, written=WRITTEN)
    data, _ = await answers(engine, [row()], "price { amount }", "name")
    assert data["things"][0]["price"]["amount"] == Decimal("1.50")
    assert msgspec.json.encode(data) == b'{"things":[{"price":{"amount":"1.50"},"name":"a"}]}'
