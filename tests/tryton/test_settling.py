"""Who settled whom, where Tryton only says that the sum is nil."""

from decimal import Decimal

import pytest

from connectors.erp.records.invoice import AllocationKind
from connectors.erp.tryton import Choices
from connectors.erp.tryton.rows import Coded, Company, Item, Journal, Move
from connectors.erp.tryton.settling import kind_of, matches
from connectors.erp.tryton.values import Amount, Day

COMPANY = Company(id=1, currency=Coded(id=1, code="PLN"))


def item(number: int, value: int, day: int, origin: int | None = None, **more: object) -> Item:
    journal = Journal(id=1, type=str(more.get("journal", "cash" if value < 0 else "revenue")))
    attached = more.get("attached")
    return Item(
        id=number,
        debit=Amount(Decimal(max(value, 0))),
        credit=Amount(Decimal(max(-value, 0))),
        amount_second_currency=None,
        second_currency=None,
        date=Day(2026, 1, day),
        maturity_date=Day(2026, 2, day) if value > 0 else None,
        move_origin=f"account.invoice,{origin}" if origin else None,
        invoice_payment=attached if isinstance(attached, int) else None,
        move=Move(id=number, journal=journal, company=COMPANY),
    )


def told(*group: Item) -> list[tuple[int, int | None, Decimal]]:
    return [(each.credit.id, each.debit.id if each.debit else None, each.amount) for each in matches(group)]


def test_one_payment_of_two_invoices() -> None:
    assert told(item(3, -300, 9), item(2, 200, 2, 72), item(1, 100, 1, 71)) == [
        (3, 1, Decimal(100)),
        (3, 2, Decimal(200)),
    ]


def test_two_payments_of_two_invoices_by_their_days() -> None:
    group = [item(1, 100, 1, 71), item(2, 200, 2, 72), item(3, -150, 8), item(4, -150, 7)]
    expected = [(4, 1, Decimal(100)), (4, 2, Decimal(50)), (3, 2, Decimal(150))]
    assert told(*group) == told(*reversed(group)) == expected


def test_what_was_set_against_an_invoice_stays_there() -> None:
    group = [item(1, 100, 1, 71), item(2, 200, 2, 72), item(3, -100, 7, attached=72), item(4, -200, 8)]
    assert told(*group) == [(3, 2, Decimal(100)), (4, 1, Decimal(100)), (4, 2, Decimal(100))]


@pytest.mark.parametrize(
    ("credit", "amount", "kind"),
    [
        (item(1, -5, 1), 5, AllocationKind.PAYMENT),
        (item(1, -5, 1, 71), 5, AllocationKind.PAYMENT),
        (item(1, -5, 1, 72), 5, AllocationKind.OVERPAYMENT),
        (item(1, -5, 1, 72, journal="revenue"), 5, AllocationKind.CORRECTION),
        (item(1, -5, 1, 71, journal="write-off"), 5, AllocationKind.WRITE_OFF),
        (item(1, -5, 1, journal="general"), 5, AllocationKind.COMPENSATION),
        (item(1, 5, 1, journal="cash"), -5, AllocationKind.REVERSAL),
    ],
)
def test_kinds(credit: Item, amount: int, kind: AllocationKind) -> None:
    assert kind_of(credit, 71, Decimal(amount), Choices()) is kind
