"""What Tryton's JSON is read into, and what a record that can't be read costs: itself."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from connectors.erp.records.client import ClientRecord
from connectors.erp.tryton.party_rows import PartyHead, PartyRow
from connectors.erp.tryton.reading import Reader
from connectors.erp.tryton.rows import InvoiceRow, LineHead, LineRow
from connectors.erp.tryton.service import Broken, Rows, fields_of
from connectors.erp.tryton.values import Amount, Day, amount, day
from connectors.errors import MalformedAnswer, MalformedRecord

LINES = Rows("account.invoice.line", "invoice line", LineRow, LineHead)


def line(number: int, **fields: Any) -> dict[str, Any]:
    decimal = {"__class__": "Decimal", "decimal": "12.50"}
    return {
        "id": number, "quantity": 2.5, "unit_price": decimal, "amount": decimal,
        "description": None,
        "currency.": {"id": 1, "code": "PLN"}, "unit.": None, "product.": None, "taxes.": [],
        "invoice.": {"id": 7, "party.": {"id": 2, "code": "0010001"}}, **fields,
    }  # fmt: skip


def read(*rows: dict[str, Any]) -> list[Any]:
    return LINES.decode("books", json.dumps(rows).encode())


def test_values() -> None:
    (row,) = read(line(1))
    assert (row.amount.decimal, row.quantity) == (Decimal("12.50"), Decimal("2.5"))
    for value, text in (
        (amount(Decimal("0.10")), b'{"__class__":"Decimal","decimal":"0.10"}'),
        (day(date(2026, 11, 2)), b'{"__class__":"date","year":2026,"month":11,"day":2}'),
    ):
        assert msgspec.json.encode(value) == text
        assert msgspec.json.decode(text, type=Amount | Day) == value


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "12.50"},
        {"amount": {"__class__": "date", "year": 2026, "month": 1, "day": 1}},
        {"amount": {"__class__": "Decimal", "decimal": "NaN"}},
        {"amount": None},
        {"currency.": None},
    ],
)
def test_one_record_costs_itself(wrong: dict[str, Any]) -> None:
    first, second, third = read(line(1), line(2, **wrong), line(3))
    assert (first.id, third.id) == (1, 3)
    assert isinstance(second, Broken)
    assert second.head.invoice == 7
    assert second.error.record == "invoice line 2"
    assert (second.error.system, second.error.client_number) == ("books", "0010001")


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'[{"id": 1}]', b"[[]]", b"\xff"])
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        LINES.decode("books", body)


def test_a_day_that_no_calendar_has() -> None:
    row = PartyRow(id=4, code="1", name="x", identifiers=(), addresses=(), contact_mechanisms=())
    found = Reader("books").record(row, "client", _never)
    assert isinstance(found, MalformedRecord)
    assert found.record == "client 4"


def _never(_: PartyRow) -> ClientRecord:
    raise AssertionError(Day(2026, 2, 30).date)


def test_a_row_names_its_fields() -> None:
    assert fields_of(PartyHead) == ("code", "id")
    asked = fields_of(InvoiceRow)
    assert {"party.code", "lines_to_pay.reconciliation.lines.debit", "taxes.tax.rate"} <= set(asked)
    assert len(asked) == len(set(asked))
