"""A Strawberry schema with every way in which a field can be read, over sources that are right and wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from random import Random
from typing import Annotated, Any, NewType
from uuid import UUID

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.schema.config import StrawberryConfig

from execution.reading import BATCH, CONTEXT, EMBEDDED

Even = NewType("Even", int)


def _even(value: Any) -> Any:
    if value % 2:
        return None
    return value


@strawberry.enum
class Size(Enum):
    SMALL = "s"
    LARGE = "l"


RIGHT: dict[str, list[Any]] = {
    "text": ["a", "", "ż"],
    "number": [0, -7, 2**31 - 1],
    "ratio": [0.5, 3.0],
    "yes": [True, False],
    "amount": [Decimal("1.20"), Decimal(0)],
    "day": [date(2026, 11, 22)],
    "moment": [datetime(2026, 11, 22, 10, 0)],  # noqa: DTZ001
    "code": [UUID(int=5)],
    "size": [Size.SMALL, Size.LARGE],
    "even": [2, 4],
    "texts": [["a", "b"], [], ("c",)],
}
WRONG: list[Any] = [None, 5, "x", 2**31, 3.5, True, [1], ["a", None], {"a": 1}, ValueError("given"), Size]


class Source:
    """What follows from a seed. `wild` sources fail now and then."""

    def __init__(self, seed: int, wild: bool) -> None:
        self.seed = seed
        self.wild = wild
        self.children = 0

    def random(self, name: str) -> Random:
        """The chance of one of its values."""
        return Random(f"{self.seed} {name}")

    def value(self, name: str) -> Any:
        """An attribute; it may be wrong, be missing, be still to come."""
        random = self.random(name)
        if self.wild and random.random() < 0.08:
            chance = random.random()
            if chance < 0.3:
                raise KeyError(name)
            if chance < 0.5:
                return self._later(random.choice(RIGHT[name]))
            return random.choice(WRONG)
        return random.choice(RIGHT[name])

    async def _later(self, value: Any) -> Any:
        await asyncio.sleep(0)
        return value

    def sources(self, name: str, count: int) -> list[Any]:
        """Others that follow from it."""
        random = self.random(name)
        found: list[Any] = [
            type(self)(random.randint(0, 10**9), self.wild) for _ in range(random.randint(0, count))
        ]
        if self.wild and random.random() < 0.1:
            found.append(random.choice([None, ValueError("item"), 7]))
        return found


def _attribute(name: str) -> property:
    return property(lambda self: self.value(name))


for _name in RIGHT:
    setattr(Source, _name, _attribute(_name))


class Allowed(BasePermission):
    message = "not yours"

    def has_permission(self, source: Any, info: Any, **_: Any) -> bool:
        del info
        return bool(source.seed % 3)


class Doubling(FieldExtension):
    """Says everything twice."""

    def resolve(self, next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        """Twice what the field says."""
        return f"{next_(source, info, **arguments)}" * 2


@strawberry.input
class Filter:
    least: int = 0
    size: Size | None = strawberry.UNSET
    inner: "Filter | None" = None


def _related(source: Source, count: int, where: Filter | None, order: Size) -> list[Any]:
    least = where.least if where else 0
    if source.wild and source.random("related").random() < 0.1:
        raise ValueError("one source fails")
    return source.sources(f"related {count} {least} {order.value}", min(abs(count), 3))


CALLS: list[tuple[str, int]] = []
"""Batches: of which field, and for how many sources."""


def attempt(function: Callable[[], Any]) -> Any:
    """What it answers, or its exception."""
    try:
        return function()
    except Exception as error:
        return error


async def _related_one(
    root: strawberry.Parent[Any],
    _info: strawberry.Info,
    count: int = 2,
    where: Filter | None = None,
    order: Size = Size.SMALL,
) -> Any:
    await asyncio.sleep(0)
    return _related(root, count, where, order)


async def _related_each(
    _context: Any, sources: Sequence[Source], count: int = 2, where: Any = None, order: Size = Size.SMALL
) -> list[Any]:
    CALLS.append(("related", len(sources)))
    await asyncio.sleep(0)
    return [attempt(partial(_related, each, count, where, order)) for each in sources]


async def _guarded_each(_context: Any, _sources: Sequence[Source]) -> list[str]:
    raise AssertionError("a batch must not go around a permission")


async def _failing_one(_root: strawberry.Parent[Any]) -> Any:
    raise ConnectionError("the whole batch fails")


async def _failing_each(_context: Any, _sources: Sequence[Source]) -> list[Any]:
    raise ConnectionError("the whole batch fails")


def _asked(info: strawberry.Info) -> str:
    return repr(info.context)


def _number(root: strawberry.Parent[Any]) -> Any:
    return root.number


def _text(root: strawberry.Parent[Any]) -> Any:
    return root.seed


def _secret(root: strawberry.Parent[Any]) -> str:
    return f"secret of {root.seed}"


def _members(root: strawberry.Parent[Any]) -> Any:
    return [] if root.wild else None


def _place(_root: strawberry.Parent[Any], info: strawberry.Info) -> str:
    return f"{info.path.as_list()} {info.field_name} {info.variable_values} {info.context}"


async def _place_later(root: strawberry.Parent[Any], info: strawberry.Info) -> str:
    await asyncio.sleep(0)
    return _place(root, info)


@dataclass(frozen=True)
class Bill:
    """A source that has all its attributes; the amount may be null, of a class of its own, or wrong."""

    gross: Any
    unit: str


class OwnDecimal(Decimal):
    """Not a class that plans know from the start."""


def _bills(root: strawberry.Parent[Any]) -> Any:
    random = root.random("bills")
    amounts = [Decimal("1.50"), OwnDecimal("2.00"), None, "free"]
    return [Bill(random.choice(amounts), random.choice(["PLN", "EUR"])) for _ in range(random.randint(0, 3))]


def _gross(root: strawberry.Parent[Any]) -> Any:
    return None if root.gross is None else Money(amount=root.gross, unit=root.unit)


async def _stream(root: strawberry.Parent[Any]) -> Any:
    await asyncio.sleep(0)
    return _streamed(root)


async def _streamed(source: Source) -> AsyncIterator[Any]:
    for each in source.sources("stream", 3):
        await asyncio.sleep(0)
        yield each


def _itself(root: strawberry.Parent[Any]) -> Any:
    return root


def _list_of(name: str) -> Any:
    def resolve(root: strawberry.Parent[Any]) -> Any:
        return root.sources(name, 3)

    return strawberry.field(resolver=resolve)


@strawberry.type
class Money:
    amount: Decimal
    unit: str


@strawberry.type
class Billed:
    unit: str
    gross: Money | None = strawberry.field(
        resolver=_gross, metadata={EMBEDDED: {"amount": "gross", "unit": "unit"}}
    )


@strawberry.type
class Part:
    text: str
    number: int | None
    size: Size
    place: str = strawberry.field(resolver=_place)


@strawberry.interface
class Item:
    text: str
    place: str = strawberry.field(resolver=_place)
    related: list["Item | None"] | None = strawberry.field(
        resolver=_related_one, metadata={BATCH: _related_each}
    )
    part: Part = strawberry.field(resolver=_itself)

    @classmethod
    def resolve_type(cls, value: Any, *_: Any) -> str:
        """By its seed."""
        return "Thing" if value.seed % 2 else "Other"

    @classmethod
    def is_type_of(cls, value: Any, _info: Any) -> bool:
        """Any source will do."""
        return isinstance(value, Source)


@strawberry.type
class Thing(Item):
    number: int
    maybe_number: int | None = strawberry.field(resolver=_number)
    ratio: float | None
    yes: bool | None
    amount: Decimal | None
    day: date | None
    moment: datetime | None
    code: UUID | None
    size: Size | None
    even: Even | None
    texts: list[str]
    guarded: str | None = strawberry.field(
        resolver=_secret, permission_classes=[Allowed], metadata={BATCH: _guarded_each}
    )
    doubled: str | None = strawberry.field(resolver=_text, extensions=[Doubling()])
    asked: str = strawberry.field(resolver=_asked, metadata={CONTEXT: repr})
    place_later: str = strawberry.field(resolver=_place_later)
    failing: str | None = strawberry.field(resolver=_failing_one, metadata={BATCH: _failing_each})
    parts: list[Part | None] | None = _list_of("parts")
    all_parts: list[Part] | None = _list_of("all parts")
    bills: list[Billed] = strawberry.field(resolver=_bills)

    @strawberry.field
    def own(self) -> Part | None:
        """A method, which gets its source as `self`."""
        return self  # type: ignore[return-value]


@strawberry.type
class Other(Item):
    stream: list[Item | None] | None = strawberry.field(resolver=_stream)
    members: list[Annotated[Thing | Part, strawberry.union("Either")]] | None = strawberry.field(
        resolver=_members
    )


def _root(info: strawberry.Info) -> Any:
    return info.root_value


@strawberry.type
class Query:
    item: Item | None = strawberry.field(resolver=_root)
    thing: Thing | None = strawberry.field(resolver=_root)
    sure: Thing = strawberry.field(resolver=_root)
    items: list[Item] | None = _list_of("items")


class Schema(strawberry.Schema):
    """Without Strawberry's log of errors."""

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        """Nothing."""


SCALARS: dict[Any, Any] = {Even: strawberry.scalar(name="Even", serialize=_even, parse_value=int)}
SCHEMA = Schema(query=Query, types=[Thing, Other], config=StrawberryConfig(scalar_map=SCALARS))
