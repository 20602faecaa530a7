"""Invoices and what settles them: payments and their allocations."""

from datetime import date
from decimal import Decimal

import msgspec

from connectors.erp.records.invoice_terms import Dunning, KsefEntry, TransferTerms, VatSum
from connectors.record import Code, Moment, Record


class InvoiceKind(Code):
    """What an invoice is for."""

    INSTALMENT = "INSTALMENT"
    INITIAL_FEE = "INITIAL_FEE"
    BUY_OUT = "BUY_OUT"
    SERVICE_FEE = "SERVICE_FEE"
    INSURANCE = "INSURANCE"
    INTEREST_NOTE = "INTEREST_NOTE"
    CORRECTION = "CORRECTION"
    ADVANCE = "ADVANCE"
    UNKNOWN = "UNKNOWN"


class InvoiceState(Code):
    """What the ERP itself decides; PAID is never concluded by the gateway (FAQ 8)."""

    OPEN = "OPEN"
    PAID = "PAID"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


class PaymentInTransit(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """Money booked at the bank and not yet posted to the ledger."""

    booked_on: date
    amount: Decimal


class InvoiceRecord(Record, frozen=True):
    """An invoice. `settled_amount` sums its allocations; `amount_due` is what the ledger still asks for.

    `transfer` is None where nothing can be due: a correction, a cancelled invoice.
    """

    always = frozenset(
        {
            "id",
            "number",
            "client_number",
            "contract_number",
            "correction_of",
            "issue_date",
            "due_date",
            "gross",
            "amount_due",
        }
    )

    id: str
    number: str
    client_number: str
    contract_number: str | None
    kind: InvoiceKind
    issue_date: date
    sale_date: date | None
    due_date: date
    currency: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    settled_amount: Decimal
    amount_due: Decimal
    state: InvoiceState
    corrected: bool
    fully_reversed: bool
    in_dunning: bool
    payment_in_transit: PaymentInTransit | None
    paid_on: date | None
    correction_of: str | None
    correction_reason: str | None
    vat_summary: tuple[VatSum, ...]
    dunning: Dunning | None
    ksef: KsefEntry | None
    transfer: TransferTerms | None


class AllocationKind(Code):
    """What lowered (or, for a reversal, raised) the amount due."""

    PAYMENT = "PAYMENT"
    OVERPAYMENT = "OVERPAYMENT"
    CORRECTION = "CORRECTION"
    COMPENSATION = "COMPENSATION"
    WRITE_OFF = "WRITE_OFF"
    REVERSAL = "REVERSAL"
    UNKNOWN = "UNKNOWN"


class AllocationRecord(Record, frozen=True):
    """A part of a payment or correction, set against one invoice; positive when it lowers what is due."""

    always = frozenset({"client_number", "invoice_id", "payment_id"})
    shown = frozenset({"amount"})

    id: str
    client_number: str
    invoice_id: str
    kind: AllocationKind
    amount: Decimal
    currency: str
    booked_on: date
    posted_at: Moment | None
    payment_id: str | None
    credit_invoice_id: str | None


class PaymentChannel(Code):
    """How the money came."""

    TRANSFER = "TRANSFER"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    CARD = "CARD"
    CASH = "CASH"
    UNKNOWN = "UNKNOWN"


class PaymentRecord(Record, frozen=True):
    """Money received. What is not allocated is the client's credit."""

    always = frozenset({"id", "client_number", "booked_on"})

    id: str
    client_number: str
    booked_on: date
    value_on: date | None
    amount: Decimal
    currency: str
    channel: PaymentChannel
    payer_account_masked: str | None
    title: str | None
    allocated_amount: Decimal
    unallocated_amount: Decimal
