"""What an invoice's figures mean on the day on which the ERP says they hold.

PAID and CANCELLED are the ERP's to say; the rest follows from what is due and when.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from connectors.erp.queries import InvoiceStatus as InvoiceStatus
from connectors.erp.records.invoice import InvoiceRecord, InvoiceState

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


def overdue_days(invoice: InvoiceRecord) -> int:
    """Whole days past the due date while something is due; else 0."""
    if invoice.amount_due <= Decimal(0):
        return 0
    return max(0, (local_date(invoice.as_of) - invoice.due_date).days)


def status(invoice: InvoiceRecord) -> InvoiceStatus:
    """Where an invoice stands."""
    state = invoice.state
    if state is _PAID:
        return InvoiceStatus.PAID
    if state is _CANCELLED:
        return InvoiceStatus.CANCELLED
    if overdue_days(invoice):
        return InvoiceStatus.OVERDUE
    if is_partially_settled(invoice):
        return InvoiceStatus.PARTIALLY_SETTLED
    return InvoiceStatus.ISSUED


def is_partially_settled(invoice: InvoiceRecord) -> bool:
    """Something has lowered the amount due and something is left; stays visible under OVERDUE."""
    return invoice.settled_amount > 0 and invoice.amount_due > 0


def flags(invoice: InvoiceRecord) -> list[InvoiceFlag]:
    """All that apply."""
    holds = {
        InvoiceFlag.CORRECTED: invoice.corrected,
        InvoiceFlag.FULLY_REVERSED: invoice.fully_reversed,
        InvoiceFlag.IN_DUNNING: invoice.in_dunning,
        InvoiceFlag.PAYMENT_IN_TRANSIT: invoice.payment_in_transit is not None,
    }
    return [flag for flag, applies in holds.items() if applies]


def expected_update_by(invoice: InvoiceRecord) -> datetime | None:
    """When a payment in transit will have been posted: 48 hours from the start of its booking day."""
    if invoice.payment_in_transit is None:
        return None
    start = datetime.combine(invoice.payment_in_transit.booked_on, time(), WARSAW)
    return start.astimezone(UTC) + POSTING
