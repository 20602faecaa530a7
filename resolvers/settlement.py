"""What an invoice's figures mean on the day on which the ERP says they hold.

PAID and CANCELLED are the ERP's to say; the rest follows from what is due and when.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from connectors.erp.queries import InvoiceStatus as InvoiceStatus
from connectors.erp.records.invoice import InvoiceState, PaymentInTransit
from resolvers.derived import derived

WARSAW = ZoneInfo("Europe/Warsaw")
POSTING = timedelta(hours=48)
"""Within this time of its booking at the bank a payment is posted to the ledger (FAQ 8)."""
_PAID, _CANCELLED = InvoiceState.PAID, InvoiceState.CANCELLED  # to look them up in a class takes longer


class InvoiceFlag(Enum):
    """What else holds, beside the status."""

    CORRECTED = "CORRECTED"
    FULLY_REVERSED = "FULLY_REVERSED"
    IN_DUNNING = "IN_DUNNING"
    PAYMENT_IN_TRANSIT = "PAYMENT_IN_TRANSIT"


def local_date(moment: datetime) -> date:
    """The calendar day in Poland."""
    return moment.astimezone(WARSAW).date()


@derived
def overdue_days(amount_due: Decimal, due_date: date, as_of: datetime) -> int:
    """Whole days past the due date while something is due; else 0."""
    if amount_due <= Decimal(0):
        return 0
    return max(0, (local_date(as_of) - due_date).days)


@derived
def status(
    state: InvoiceState, amount_due: Decimal, due_date: date, as_of: datetime, settled_amount: Decimal
) -> InvoiceStatus:
    """Where an invoice stands."""
    if state is _PAID:
        return InvoiceStatus.PAID
    if state is _CANCELLED:
        return InvoiceStatus.CANCELLED
    if overdue_days.function(amount_due, due_date, as_of):
        return InvoiceStatus.OVERDUE
    if is_partially_settled.function(settled_amount, amount_due):
        return InvoiceStatus.PARTIALLY_SETTLED
    return InvoiceStatus.ISSUED


@derived
def is_partially_settled(settled_amount: Decimal, amount_due: Decimal) -> bool:
    """Something has lowered the amount due and something is left; stays visible under OVERDUE."""
    return settled_amount > 0 and amount_due > 0


@derived
def flags(
    corrected: bool, fully_reversed: bool, in_dunning: bool, payment_in_transit: PaymentInTransit | None
) -> list[InvoiceFlag]:
    """All that apply."""
    holds = {
        InvoiceFlag.CORRECTED: corrected,
        InvoiceFlag.FULLY_REVERSED: fully_reversed,
        InvoiceFlag.IN_DUNNING: in_dunning,
        InvoiceFlag.PAYMENT_IN_TRANSIT: payment_in_transit is not None,
    }
    return [flag for flag, applies in holds.items() if applies]


@derived
def expected_update_by(payment_in_transit: PaymentInTransit | None) -> datetime | None:
    """When a payment in transit will have been posted: 48 hours from the start of its booking day."""
    if payment_in_transit is None:
        return None
    start = datetime.combine(payment_in_transit.booked_on, time(), WARSAW)
    return start.astimezone(UTC) + POSTING
