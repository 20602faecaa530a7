"""Invoices: of a client, of a contract, by id, by number; and what settles them."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.queries import InvoiceFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.errors import MalformedRecord
from resolvers.invoice_finding import INVOICES, NEWEST, InvoiceOrder, checked, keyset_of
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection

invoices_by_id: Loader[InvoiceRecord | None] = asking(
    InvoiceRecord, lambda op: op.backoffice.erp.invoices_by_id
)
invoices_by_number: Loader[InvoiceRecord | None] = asking(
    InvoiceRecord, lambda op: op.backoffice.erp.invoices_by_number
)
invoices_by_client = Listing(
    INVOICES,
    asking(InvoiceRecord, lambda op: op.backoffice.erp.invoices_by_client),
    asking(InvoiceRecord, lambda op: op.backoffice.erp.invoice_counts_by_client),
)
invoices_by_contract = Listing(
    INVOICES,
    asking(InvoiceRecord, lambda op: op.backoffice.erp.invoices_by_contract),
    asking(InvoiceRecord, lambda op: op.backoffice.erp.invoice_counts_by_contract),
)
corrections_by_invoice: Loader[Page[InvoiceRecord | MalformedRecord]] = asking(
    InvoiceRecord, lambda op: op.backoffice.erp.corrections_by_invoice
)
allocations_by_invoice: Loader[Page[AllocationRecord | MalformedRecord]] = asking(
    AllocationRecord, lambda op: op.backoffice.erp.allocations_by_invoice
)
lines_by_invoice: Loader[Page[InvoiceLineRecord | MalformedRecord]] = asking(
    InvoiceLineRecord, lambda op: op.backoffice.erp.lines_by_invoice
)


async def invoices_of_client(
    op: Operation,
    client: ClientRecord,
    where: InvoiceFilter,
    first: int | None,
    after: str | None,
    order: InvoiceOrder = NEWEST,
) -> Connection[InvoiceRecord]:
    """A client's invoices, newest first unless another order is asked for."""
    listing = invoices_by_client.sorted(keyset_of(where, order))
    return await listing.connect(op, client.number, first, after, checked(where))


async def invoices_of_contract(
    op: Operation,
    contract: ContractRecord,
    where: InvoiceFilter,
    first: int | None,
    after: str | None,
    order: InvoiceOrder = NEWEST,
) -> Connection[InvoiceRecord]:
    """A contract's invoices, newest first unless another order is asked for."""
    listing = invoices_by_contract.sorted(keyset_of(where, order))
    return await listing.connect(op, contract.id, first, after, checked(where))


async def corrections_of(op: Operation, invoice: InvoiceRecord) -> Sequence[InvoiceRecord | MalformedRecord]:
    """The corrections of an invoice, newest first."""
    return (await corrections_by_invoice.load(op, invoice.id)).items


async def allocations_of(
    op: Operation, invoice: InvoiceRecord
) -> Sequence[AllocationRecord | MalformedRecord]:
    """What settles an invoice, in the ERP's order."""
    return (await allocations_by_invoice.load(op, invoice.id)).items


async def lines_of(op: Operation, invoice: InvoiceRecord) -> Sequence[InvoiceLineRecord | MalformedRecord]:
    """What an invoice charges for, by number."""
    return (await lines_by_invoice.load(op, invoice.id)).items
