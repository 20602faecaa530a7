"""Why an invoice's amount due is what it is: line by line, from the gross amount (FAQ 9).

The ledger's own allocations in its own order. Where they do not add up to what the ledger asks for, one
more line says so: nothing is recomputed, and nothing is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from connectors.erp.records.invoice import AllocationRecord, InvoiceKind, InvoiceRecord, InvoiceState
from connectors.errors import MalformedRecord
from connectors.record import Code
from resolvers.invoices import allocations_of
from resolvers.operation import Operation
from resolvers.settlement import local_date


class AmountDueLineKind(Code):
    """What a line is: the gross amount, an allocation by its kind, what is left, the amount due."""

    GROSS = "GROSS"
    PAYMENT = "PAYMENT"
    OVERPAYMENT = "OVERPAYMENT"
    CORRECTION = "CORRECTION"
    COMPENSATION = "COMPENSATION"
    WRITE_OFF = "WRITE_OFF"
    REVERSAL = "REVERSAL"
    EXCESS = "EXCESS"
    COUNTED_ON_CORRECTED = "COUNTED_ON_CORRECTED"
    CANCELLATION = "CANCELLATION"
    OTHER = "OTHER"
    AMOUNT_DUE = "AMOUNT_DUE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class AmountDueLine:
    """A line: negative when it lowers what is due. The last one, the amount due, is the sum of the others."""

    kind: AmountDueLineKind
    amount: Decimal
    on: date
    invoice: InvoiceRecord
    document_id: str | None = None
    payment_id: str | None = None

    @property
    def currency(self) -> str:
        """The invoice's."""
        return self.invoice.currency


Allocations: TypeAlias = Sequence[AllocationRecord | MalformedRecord]


async def explanation_of(op: Operation, invoice: InvoiceRecord) -> list[AmountDueLine | MalformedRecord]:
    """The lines of an invoice; an allocation that can't be read stands as its error in its place."""
    return explained(invoice, await allocations_of(op, invoice))


def explained(invoice: InvoiceRecord, allocations: Allocations) -> list[AmountDueLine | MalformedRecord]:
    """From the gross amount to the amount due."""
    lines: list[AmountDueLine | MalformedRecord] = [
        AmountDueLine(AmountDueLineKind.GROSS, invoice.gross, invoice.issue_date, invoice)
    ]
    lines += [
        each if isinstance(each, MalformedRecord) else _allocated(invoice, each) for each in allocations
    ]
    today = local_date(invoice.as_of)
    running = sum((line.amount for line in lines if isinstance(line, AmountDueLine)), Decimal(0))
    rest = invoice.amount_due - running
    if rest:
        kind = _kind_of_rest(invoice, running)
        corrected = invoice.correction_of if kind is AmountDueLineKind.COUNTED_ON_CORRECTED else None
        lines.append(AmountDueLine(kind, rest, today, invoice, corrected))
    lines.append(AmountDueLine(AmountDueLineKind.AMOUNT_DUE, invoice.amount_due, today, invoice))
    return lines


def _allocated(invoice: InvoiceRecord, allocation: AllocationRecord) -> AmountDueLine:
    return AmountDueLine(
        AmountDueLineKind(allocation.kind.value),
        -allocation.amount,
        allocation.booked_on,
        invoice,
        allocation.credit_invoice_id,
        allocation.payment_id,
    )


def _kind_of_rest(invoice: InvoiceRecord, running: Decimal) -> AmountDueLineKind:
    """What makes the difference between gross less allocations, `running`, and the ledger's amount due."""
    if invoice.kind is InvoiceKind.CORRECTION and invoice.amount_due == 0:
        return AmountDueLineKind.COUNTED_ON_CORRECTED
    if invoice.amount_due == 0 and running < 0:
        return AmountDueLineKind.EXCESS
    if invoice.amount_due == 0 and invoice.state is InvoiceState.CANCELLED:
        return AmountDueLineKind.CANCELLATION
    return AmountDueLineKind.OTHER
