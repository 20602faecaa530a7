"""Values that are put into text only when the answer is written."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, NewType

import msgspec
import pytest
import strawberry
from graphql import parse
from strawberry.schema.config import StrawberryConfig

from execution.documents import Document
from execution.engine import Engine
from gateway.app import WRITTEN

Rounded = NewType("Rounded", Decimal)


class OwnDecimal(Decimal):
    """The writer of answers doesn't know it."""


@strawberry.type
class Query:
    amount: Decimal | None
    amounts: list[Decimal]
    rounded: Rounded
    day: date
    moment: datetime
    text: str


SCALARS: dict[Any, Any] = {
    Rounded: strawberry.scalar(name="Rounded", serialize=lambda value: f"{value:.0f}"),
    date: strawberry.scalar(name="Date", serialize=date.isoformat),
}
SCHEMA = strawberry.Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))
(OPERATION,) = Document(parse("{ amount amounts rounded day moment text }"), [], 1).operations


class Source:
    amount: Any = Decimal("1.50")
    amounts = (Decimal(1), Decimal("2.0"))
    rounded = Decimal("2.6")
    day: Any = date(2026, 11, 23)
    moment = datetime(2026, 11, 23, 1)  # noqa: DTZ001
    text: Any = "x"


async def data(source: Source, **options: Any) -> Any:
    result = await Engine(SCHEMA, **options).execute(OPERATION, None, None, source)
    assert result.errors is None
    return result.data


async def test_they_stay_what_they_are_and_are_written_alike() -> None:
    """Only where the scalar itself would word them so."""
    left = await data(Source(), written=WRITTEN)
    assert (left["amount"], left["day"]) == (Source.amount, Source.day)
    assert (left["rounded"], left["moment"]) == ("3", "2026-11-23T01:00:00")
    assert msgspec.json.encode(left) == msgspec.json.encode(await data(Source(), compiled=False))


@pytest.mark.parametrize("amount", [None, OwnDecimal("1.5"), 7, "free"])
async def test_others_in_their_place_are_worded_at_once(amount: Any) -> None:
    source = Source()
    source.amount, source.day, source.text = amount, datetime(2026, 11, 23), Decimal(1)  # noqa: DTZ001
    found = [await data(source, **options) for options in ({"written": WRITTEN}, {"compiled": False})]
    assert found[0]["amount"] == found[1]["amount"] == (None if amount is None else str(amount))
    assert found[0]["day"] == found[1]["day"]
    assert msgspec.json.encode(found[0]) == msgspec.json.encode(found[1])


async def test_objects_are_written_alike_whatever_their_keys_are() -> None:
    text = "{ class: amount __init__: text None: day v0: moment self: rounded __class__: amounts }"
    (operation,) = Document(parse(text), [], 1).operations
    answers = [
        msgspec.json.encode((await Engine(SCHEMA, **options).execute(operation, None, None, Source())).data)
        for options in ({"written": WRITTEN}, {}, {"compiled": False})
    ]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    "amount", ["1E+5", "-0", "0E-7", "1.20", "123456789012345678901234567890.12", "1E-30"]
)
def test_msgspec_words_amounts_as_python_does(amount: str) -> None:
    value = Decimal(amount)
    assert msgspec.json.encode(value) == msgspec.json.encode(WRITTEN[Decimal](value))


def test_msgspec_words_days_as_python_does() -> None:
    for ordinal in range(1, date.max.toordinal(), 9973):
        day = date.fromordinal(ordinal)
        assert msgspec.json.encode(day) == msgspec.json.encode(WRITTEN[date](day))
