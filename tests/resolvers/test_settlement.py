"""Where an invoice stands: the first that holds, on Poland's day."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.erp.records.invoice import InvoiceKind, InvoiceRecord, InvoiceState, PaymentInTransit
from resolvers import settlement
from resolvers.settlement import InvoiceFlag, InvoiceStatus
from tests.resolvers.invoices import invoice

BEFORE: dict[str, Any] = {"due_date": date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (invoice(state=InvoiceState.CANCELLED), InvoiceStatus.CANCELLED),
        (invoice(settled="2460.00", state=InvoiceState.CANCELLED), InvoiceStatus.CANCELLED),
        (invoice(settled="2460.00", state=InvoiceState.PAID), InvoiceStatus.PAID),
        (invoice("123.00", "200.00", state=InvoiceState.PAID), InvoiceStatus.PAID),
        (invoice(settled="1000.00"), InvoiceStatus.OVERDUE),
        (invoice(), InvoiceStatus.OVERDUE),
        (invoice(settled="615.00", corrected=True, **BEFORE), InvoiceStatus.PARTIALLY_SETTLED),
        (invoice(settled="0.01", **BEFORE), InvoiceStatus.PARTIALLY_SETTLED),
        (invoice(**BEFORE), InvoiceStatus.ISSUED),
        (invoice(state=InvoiceState.UNKNOWN, **BEFORE), InvoiceStatus.ISSUED),
        (invoice(state=InvoiceState.UNKNOWN), InvoiceStatus.OVERDUE),
    ],
    ids=lambda each: each.name if isinstance(each, InvoiceStatus) else "",
)
def test_the_first_that_holds(given: InvoiceRecord, expected: InvoiceStatus) -> None:
    assert settlement.status(given) is expected


def test_paid_is_the_erp_s_to_say() -> None:
    """Fully covered and in transit, but not yet posted as paid: the gateway concludes nothing."""
    transit = PaymentInTransit(date(2026, 11, 21), Decimal("2460.00"))
    waiting = invoice(payment_in_transit=transit)
    assert settlement.status(waiting) is InvoiceStatus.OVERDUE
    assert settlement.flags(waiting) == [InvoiceFlag.PAYMENT_IN_TRANSIT]
    covered = invoice(settled="2460.00")
    assert settlement.status(covered) is not InvoiceStatus.PAID
    assert settlement.overdue_days(covered) == 0


def test_the_worked_numbers() -> None:
    part_paid = invoice(settled="1000.00")
    assert (part_paid.amount_due, settlement.overdue_days(part_paid)) == (Decimal("1460.00"), 26)
    assert settlement.is_partially_settled(part_paid), "stays visible under OVERDUE"
    overpaid = invoice("123.00", "200.00", state=InvoiceState.PAID)
    assert not settlement.is_partially_settled(overpaid)
    correction = invoice("-615.00", due="0.00", kind=InvoiceKind.CORRECTION)
    assert settlement.overdue_days(correction) == 0
    assert settlement.status(correction) is not InvoiceStatus.OVERDUE


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (datetime(2026, 10, 26, 22, 59, 59, tzinfo=UTC), 0),  # 27 Oct in winter time is UTC+1
        (datetime(2026, 10, 27, 22, 59, 59, tzinfo=UTC), 0),  # its last second in Warsaw
        (datetime(2026, 10, 27, 23, 0, 0, tzinfo=UTC), 1),  # midnight in Warsaw
        (datetime(2026, 10, 28, 0, 0, 0, tzinfo=UTC), 1),
        (datetime(2026, 10, 28, 22, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 28, 23, 0, 0, tzinfo=UTC), 2),
    ],
)
def test_overdue_begins_at_warsaw_s_midnight(as_of: datetime, days: int) -> None:
    given = invoice(as_of=as_of)
    assert settlement.overdue_days(given) == days
    assert settlement.status(given) is (InvoiceStatus.OVERDUE if days else InvoiceStatus.ISSUED)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),  # summer time is UTC+2
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),  # the night of the change
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_poland_s_day(moment: datetime, day: date) -> None:
    assert settlement.local_date(moment) == day


def test_flags() -> None:
    transit = PaymentInTransit(date(2026, 11, 21), Decimal(1))
    everything = invoice(corrected=True, fully_reversed=True, in_dunning=True, payment_in_transit=transit)
    assert settlement.flags(everything) == list(InvoiceFlag)
    assert settlement.flags(invoice()) == []


@pytest.mark.parametrize(
    ("booked", "by"),
    [
        (date(2026, 11, 21), datetime(2026, 11, 22, 23, tzinfo=UTC)),  # midnight before 23 November
        (date(2026, 6, 30), datetime(2026, 7, 1, 22, tzinfo=UTC)),  # summer time
        (date(2026, 10, 24), datetime(2026, 10, 25, 22, tzinfo=UTC)),  # 48 hours, the longer night within
    ],
)
def test_a_payment_in_transit_is_posted_within_48_hours(booked: date, by: datetime) -> None:
    waiting = invoice(payment_in_transit=PaymentInTransit(booked, Decimal(1)))
    assert settlement.expected_update_by(waiting) == by
    assert settlement.expected_update_by(invoice()) is None
