"""Invoices: of a client, of a contract, by id, by number; and what settles them."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.queries import InvoiceFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.errors import MalformedRecord
from resolvers.downloads.links import Link
from resolvers.downloads.tickets import InvoiceTicket
from resolvers.invoice_finding import INVOICES, NEWEST, InvoiceOrder, checked, keyset_of
from resolvers.listing import Asked, Listed, Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.relation import Relation, items

invoices_by_id: Loader[InvoiceRecord | None] = asking(
    InvoiceRecord, lambda op: op.backoffice.books.invoices_by_id
)
invoices_by_number: Loader[InvoiceRecord | None] = asking(
    InvoiceRecord, lambda op: op.backoffice.books.invoices_by_number
)
invoices_by_client = Listing(
    INVOICES,
    asking(InvoiceRecord, lambda op: op.backoffice.books.invoices_by_client),
    asking(InvoiceRecord, lambda op: op.backoffice.books.invoice_counts_by_client),
)
invoices_by_contract = Listing(
    INVOICES,
    asking(InvoiceRecord, lambda op: op.backoffice.books.invoices_by_contract),
    asking(InvoiceRecord, lambda op: op.backoffice.books.invoice_counts_by_contract),
)
corrections_by_invoice: Loader[Page[InvoiceRecord | MalformedRecord]] = asking(
    InvoiceRecord, lambda op: op.backoffice.books.corrections_by_invoice
)
allocations_by_invoice: Loader[Page[AllocationRecord | MalformedRecord]] = asking(
    AllocationRecord, lambda op: op.backoffice.books.allocations_by_invoice
)
lines_by_invoice: Loader[Page[InvoiceLineRecord | MalformedRecord]] = asking(
    InvoiceLineRecord, lambda op: op.backoffice.books.lines_by_invoice
)


def _found(
    listing: Listing[InvoiceRecord], where: InvoiceFilter, order: InvoiceOrder
) -> Asked[InvoiceRecord]:
    return listing.sorted(keyset_of(where, order)), checked(where)


invoices_of_client: Listed[ClientRecord, InvoiceRecord] = Listed(
    "number", lambda where, order=NEWEST: _found(invoices_by_client, where, order)
)
"""A client's invoices, by a filter, newest first unless another order is asked for."""

invoices_of_contract: Listed[ContractRecord, InvoiceRecord] = Listed(
    "number", lambda where, order=NEWEST: _found(invoices_by_contract, where, order)
)
"""A contract's invoices, likewise."""

corrections_of: Relation[InvoiceRecord, Sequence[InvoiceRecord | MalformedRecord]] = Relation(
    corrections_by_invoice, "id", items
)
"""The corrections of an invoice, newest first."""

allocations_of: Relation[InvoiceRecord, Sequence[AllocationRecord | MalformedRecord]] = Relation(
    allocations_by_invoice, "id", items
)
"""What settles an invoice, in the ERP's order."""

lines_of: Relation[InvoiceRecord, Sequence[InvoiceLineRecord | MalformedRecord]] = Relation(
    lines_by_invoice, "id", items
)
"""What an invoice charges for, by number."""


def invoice_link(op: Operation, invoice: InvoiceRecord) -> Link | None:
    """A link to download it as the books print it, for whoever asks; None where they don't."""
    if op.asker is None or not op.backoffice.books.prints_invoices:
        return None
    return op.links.link(op.asker, InvoiceTicket(invoice.client_number, invoice.id))
