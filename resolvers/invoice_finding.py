"""Finding invoices: which conditions make sense, and in which orders they are listed."""

from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec

from connectors.erp.queries import Direction, InvoiceFilter, Order
from connectors.erp.records.invoice import InvoiceRecord
from resolvers import search_terms
from resolvers.errors import InputError
from resolvers.paging import Column, Keyset

MOST = Decimal(10) ** 12
PLACES = Decimal("0.01")


class InvoiceOrderField(Enum):
    """What invoices are sorted by; the value is its name in the ERP's contract."""

    ISSUE_DATE = "issueDate"
    DUE_DATE = "dueDate"
    GROSS = "gross"
    AMOUNT_DUE = "amountDue"


class InvoiceOrder(msgspec.Struct, frozen=True):
    """An order of invoices; equal ones stand by id."""

    field: InvoiceOrderField = InvoiceOrderField.ISSUE_DATE
    direction: Direction = Direction.DESC


NEWEST = InvoiceOrder()
_ANY = InvoiceFilter()
INVOICES: Keyset[InvoiceRecord] = Keyset("invoices", issue_date=date, id=str)
_COLUMNS: dict[InvoiceOrderField, tuple[str, Column]] = {
    InvoiceOrderField.ISSUE_DATE: ("issue_date", date),
    InvoiceOrderField.DUE_DATE: ("due_date", date),
    InvoiceOrderField.GROSS: ("gross", Decimal),
    InvoiceOrderField.AMOUNT_DUE: ("amount_due", Decimal),
}


def keyset_of(where: InvoiceFilter, order: InvoiceOrder) -> Keyset[InvoiceRecord]:
    """The keyset of an order. Raises InputError for an order by amount across currencies."""
    column, kind = _COLUMNS[order.field]
    if kind is Decimal and where.currency is None:
        rule = f"by {order.field.name} needs 'filter.currency': amounts of two currencies are not compared"
        raise InputError("orderBy", rule)
    if order == NEWEST:
        return INVOICES
    return Keyset("invoices", Order(order.field.value, order.direction), **{column: kind}, id=str)


def checked(where: InvoiceFilter) -> InvoiceFilter:
    """The conditions as the ERP is asked. Raises InputError for one that breaks a rule."""
    if where == _ANY:
        return where
    _check_span("issued", where.issued_from, where.issued_to)
    _check_span("due", where.due_from, where.due_to)
    gross_from, gross_to = _amount("grossFrom", where.gross_from), _amount("grossTo", where.gross_to)
    _check_span("gross", gross_from, gross_to)
    if where.currency is None:
        for name, amount in (("grossFrom", gross_from), ("grossTo", gross_to)):
            if amount is not None:
                raise InputError(f"filter.{name}", "needs 'filter.currency': an amount is in a currency")
    return msgspec.structs.replace(
        where,
        gross_from=gross_from,
        gross_to=gross_to,
        contract_number=search_terms.number("filter.contractNumber", where.contract_number),
        vin=search_terms.vin("filter.vin", where.vin),
        number=search_terms.number("filter.number", where.number),
        number_contains=search_terms.part("filter.numberContains", where.number_contains),
        ksef_number=search_terms.ksef("filter.ksefNumber", where.ksef_number),
    )


def _check_span(name: str, start: date | Decimal | None, end: date | Decimal | None) -> None:
    if start is not None and end is not None and start > end:  # type: ignore[operator]  # both of one type
        word = "after" if isinstance(start, date) else "more than"
        raise InputError(
            f"filter.{name}From", f"must not be {word} 'filter.{name}To'; {start} is {word} {end}"
        )


def _amount(name: str, value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    if abs(value) >= MOST or value != value.quantize(PLACES):
        raise InputError(f"filter.{name}", "must have at most 12 digits and two decimal places")
    return value.quantize(PLACES)
