"""Payments and their allocation to invoices."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from connectors.erp.records.invoice import AllocationKind, PaymentChannel
from resolvers.invoices import invoices_by_id
from resolvers.payments import allocations_of_payment, payments_by_id
from resolvers.relation import Relation
from schema.fields import described, enum, money, related
from schema.money import Money
from schema.node import Node, Source, sourced

if TYPE_CHECKING:
    from schema.invoice import Invoice

enum(
    AllocationKind,
    "What changed the amount due of an invoice.",
    {
        "PAYMENT": "A payment for it.",
        "OVERPAYMENT": "Credit left over from an earlier payment.",
        "CORRECTION": "A correcting invoice.",
        "COMPENSATION": "Set off against what the leasing company owes.",
        "WRITE_OFF": "Given up by the leasing company.",
        "REVERSAL": "An earlier allocation taken back; its amount is negative.",
    },
)
enum(
    PaymentChannel,
    "How money came.",
    {
        "TRANSFER": "Bank transfer.",
        "DIRECT_DEBIT": "Direct debit.",
        "CARD": "Payment card.",
        "CASH": "Cash.",
    },
)


@strawberry.type(description="A part of a payment, credit or correction, set against one invoice.")
class Allocation:
    kind: AllocationKind = described("What it is.")
    amount: Money = money("amount", "By how much it lowers what is due; negative for a reversal.")
    booked_on: date = described("The day on which it was booked.")
    posted_at: datetime | None = described("When it was posted to the ledger.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        Relation(invoices_by_id, "invoice_id"), "The invoice whose amount due it lowers."
    )
    payment: Annotated["Payment", strawberry.lazy("schema.payment")] | None = related(
        Relation(payments_by_id, "payment_id"), "The payment that it is a part of."
    )
    credit_invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        Relation(invoices_by_id, "credit_invoice_id"),
        "The correcting invoice that it comes from.",
    )


@strawberry.type(description="Money received from a client.")
class Payment(Node):
    booked_on: date = described("The day on which the bank booked it.")
    value_on: date | None = described("The day from which it counts.")
    amount: Money = money("amount", "How much came.")
    channel: PaymentChannel = described("How it came.")
    payer_account_masked: str | None = described("The payer's account, all but its ends masked.")
    title: str | None = described("What the payer wrote.")
    allocated_amount: Money = money("allocated_amount", "How much is set against invoices.")
    unallocated_amount: Money = money("unallocated_amount", "How much is left as credit.")
    allocations: list[Allocation | None] | None = related(
        allocations_of_payment, "Where the money went, in the ledger's order."
    )
    source: Source = sourced("books")
