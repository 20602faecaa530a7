"""Invoice: what is asked for, and what is still due."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from connectors.erp.records.invoice import InvoiceKind
from resolvers import settlement
from resolvers.amount_due import explanation_of
from resolvers.clients import client_of_record
from resolvers.contracts import contracts_by_number
from resolvers.derived import derived
from resolvers.documents import documents_of_invoice
from resolvers.invoices import allocations_of, corrections_of, invoice_link, invoices_by_id, lines_of
from resolvers.relation import Relation
from schema import invoice_kind as _enums  # noqa: F401  registers them
from schema.amount_due import AmountDueLine
from schema.document import Document, documents_of
from schema.download import Download
from schema.fields import ALWAYS, Info, computed, described, money, related
from schema.invoice_terms import Dunning, InvoiceLine, VatSum, dunning, vat_summary
from schema.ksef import Ksef
from schema.money import Money
from schema.node import Node, Source, sourced
from schema.payment import Allocation
from schema.payment_instructions import PaymentInstructions

if TYPE_CHECKING:
    from schema.client import Client
    from schema.contract import Contract


def _download(root: strawberry.Parent[Any], info: Info) -> Any:
    return invoice_link(info.context, root)


@strawberry.type(description="An invoice to a client.")
class Invoice(Node):
    number: str = described("The invoice's own number.")
    kind: InvoiceKind = described("What it is for.")
    issue_date: date = described("The day on which it was issued.")
    sale_date: date | None = described("The day of the sale, where it differs.")
    due_date: date = described("The day by which it is to be paid.")
    net: Money = money("net", "Net amount.")
    vat: Money = money("vat", "Value-added tax.")
    gross: Money = money("gross", "Gross amount.")
    settled_amount: Money = money("settled_amount", "By how much payments and corrections lowered it.")
    amount_due: Money = money("amount_due", "Amount still to be paid, by the ledger as it stands.")
    status: settlement.InvoiceStatus = computed(settlement.status, "Where it stands.")
    is_partially_settled: bool = computed(
        settlement.is_partially_settled, "Indicates whether something is settled and something is left."
    )
    flags: list[settlement.InvoiceFlag] = computed(settlement.flags, "What else holds.")
    overdue_days: int = computed(settlement.overdue_days, "Days past the due date while something is due.")
    paid_on: date | None = described("The day on which it was settled in full.")
    settlement_as_of: datetime = computed(
        derived(lambda as_of: as_of), "The moment at which these figures hold."
    )
    expected_update_by: datetime | None = computed(
        settlement.expected_update_by,
        "By when money that is booked at the bank will be posted to the ledger: 48 hours from the start of"
        " its booking day in Poland (FAQ 8). Null when no payment is in transit.",
    )
    amount_due_explanation: list[AmountDueLine | None] | None = related(
        explanation_of,
        "Why the amount due is what it is (FAQ 9): from the gross amount, by all that lowered or raised it,"
        " to the amount due, which is the sum of the other lines.",
    )
    vat_summary: list[VatSum] = computed(vat_summary, "What it charges at each VAT rate.")
    lines: list[InvoiceLine | None] | None = related(lines_of, "What it charges for, by number.")
    dunning: Dunning | None = computed(dunning, "The last reminder sent for it.")
    ksef: Ksef | None = computed(
        lambda invoice: invoice.ksef and invoice, "The invoice in KSeF, the national e-invoice system."
    )
    payment: PaymentInstructions | None = computed(
        lambda invoice: invoice.transfer and invoice,
        "How to pay it; null where nothing can be due: a correction, a cancelled invoice.",
    )
    client: Annotated["Client", strawberry.lazy("schema.client")] | None = related(
        client_of_record, "The client that it was issued to."
    )
    contract: Annotated["Contract", strawberry.lazy("schema.contract")] | None = related(
        Relation(contracts_by_number, "contract_number"), "The contract that it belongs to."
    )
    correction_of: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        Relation(invoices_by_id, "correction_of"), "The invoice that this one corrects."
    )
    correction_reason: str | None = described("Why the other invoice is corrected.")
    corrections: list[Annotated["Invoice", strawberry.lazy("schema.invoice")] | None] | None = related(
        corrections_of, "The invoices that correct this one, newest first."
    )
    allocations: list[Allocation | None] | None = related(
        allocations_of, "What lowered the amount due, in the ledger's order."
    )
    documents: list[Document | None] | None = documents_of(
        documents_of_invoice, "Its documents, newest first."
    )
    download: Download | None = strawberry.field(
        resolver=_download,
        metadata=ALWAYS,
        description="A short-lived link to it as the books print it, for the viewer only; null where they"
        " print none. What the document store has of it is among `documents`.",
    )
    source: Source = sourced("books")
