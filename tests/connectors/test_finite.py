"""Amounts that are no numbers are found wherever a record has them."""

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec import inspect

import connectors.documents.rest
import connectors.erp.rest.erp
import connectors.mail.archive  # noqa: F401  all records are known now
from connectors.batch import BatchDecoder
from connectors.errors import MalformedRecord
from connectors.record import Record


def records_with_amounts() -> list[type[Record]]:
    known = sorted(Record.__subclasses__(), key=lambda each: each.__qualname__)
    return [each for each in known if "Decimal" in str(inspect.type_info(each))]


@pytest.mark.parametrize("record", records_with_amounts(), ids=lambda record: record.__name__)
def test_no_amount_of_any_record_is_overlooked(record: type[Record]) -> None:
    """Each Decimal in turn, wherever it stands, in the second of three records and alone."""
    decoder = BatchDecoder("erp", "record", record)
    whole = sample(inspect.type_info(record))
    places = list(amounts(whole))
    assert places
    for place in places:
        broken = copy.deepcopy(whole)
        inner: Any = broken
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = "-Infinity"
        body = msgspec.json.encode({"results": [whole, broken, whole]})
        found = decoder.records("abc", body, lambda *_: True)
        assert [isinstance(each, MalformedRecord) for each in found] == [False, True, False], place


def sample(kind: inspect.Type) -> Any:
    """A value of a type as JSON has it, with nothing left out: `"1.5"` for each Decimal."""
    match kind:
        case inspect.DecimalType():
            return "1.5"
        case inspect.Metadata(type=inner):
            return sample(inner)
        case inspect.UnionType(types=types):
            return sample(next(each for each in types if not isinstance(each, inspect.NoneType)))
        case inspect.StructType(fields=fields):
            return {each.encode_name: sample(each.type) for each in fields}
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return [sample(item), sample(item)]
        case inspect.EnumType(cls=cls):
            return next(iter(cls)).value
        case inspect.DictType():
            return {}
    return {
        inspect.StrType: "x", inspect.IntType: 1, inspect.BoolType: True, inspect.DateType: "2026-11-22",
        inspect.DateTimeType: "2026-11-22T10:00:00Z",
    }[type(kind)]  # fmt: skip


def amounts(value: Any, *place: Any) -> Iterator[tuple[Any, ...]]:
    """Where a sample holds Decimals."""
    if value == "1.5":
        yield place
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from amounts(item, *place, key)


def test_a_record_whose_amounts_can_t_be_checked_is_refused() -> None:
    class Rates(Record, frozen=True):
        by_year: dict[str, Decimal]

    with pytest.raises(TypeError, match="may hold a Decimal"):
        BatchDecoder("erp", "rates", Rates)
