"""Searching across all clients, for internal tools only: a person's lists begin at their own clients."""

import msgspec

from connectors.erp.port import ALL
from connectors.erp.queries import ClientFilter, ContractFilter, InvoiceFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import InvoiceRecord
from resolvers import contract_finding, invoice_finding, search_terms
from resolvers.clients import CLIENTS
from resolvers.contract_finding import CONTRACTS, ContractOrder
from resolvers.errors import Forbidden
from resolvers.invoice_finding import INVOICES, InvoiceOrder
from resolvers.listing import Listing
from resolvers.loading import asking
from resolvers.operation import Operation
from resolvers.paging import Connection
from resolvers.viewer import Viewer

CLIENT_NUMBER_DIGITS = 7

all_clients = Listing(
    CLIENTS,
    asking(ClientRecord, lambda op: op.backoffice.clients.all_clients),
    asking(ClientRecord, lambda op: op.backoffice.clients.all_client_counts),
)
all_contracts = Listing(
    CONTRACTS,
    asking(ContractRecord, lambda op: op.backoffice.contracts.all_contracts),
    asking(ContractRecord, lambda op: op.backoffice.contracts.all_contract_counts),
)
all_invoices = Listing(
    INVOICES,
    asking(InvoiceRecord, lambda op: op.backoffice.books.all_invoices),
    asking(InvoiceRecord, lambda op: op.backoffice.books.all_invoice_counts),
)


async def find_clients(
    op: Operation, where: ClientFilter, first: int | None, after: str | None
) -> Connection[ClientRecord] | None:
    """Clients by number."""
    return await all_clients.connect(op, ALL, first, after, checked(where)) if _searches(op) else None


async def find_contracts(
    op: Operation,
    _root: None,
    where: ContractFilter,
    first: int | None,
    after: str | None,
    order: ContractOrder = contract_finding.NEWEST,
) -> Connection[ContractRecord] | None:
    """Contracts of all clients, newest first unless another order is asked for."""
    if not _searches(op):
        return None
    listing = all_contracts.sorted(contract_finding.keyset_of(order))
    return await listing.connect(op, ALL, first, after, contract_finding.checked(where))


async def find_invoices(
    op: Operation,
    _root: None,
    where: InvoiceFilter,
    first: int | None,
    after: str | None,
    order: InvoiceOrder = invoice_finding.NEWEST,
) -> Connection[InvoiceRecord] | None:
    """Invoices of all clients, newest first unless another order is asked for."""
    if not _searches(op):
        return None
    listing = all_invoices.sorted(invoice_finding.keyset_of(where, order))
    return await listing.connect(op, ALL, first, after, invoice_finding.checked(where))


def checked(where: ClientFilter) -> ClientFilter:
    """The conditions as the ERP is asked. Raises InputError for one that breaks a rule."""
    starts = search_terms.digits(
        "filter.numberStartsWith", where.number_starts_with, *range(1, CLIENT_NUMBER_DIGITS + 1)
    )
    return msgspec.structs.replace(
        where,
        number_starts_with=starts,
        name_contains=search_terms.part("filter.nameContains", where.name_contains),
        nip=search_terms.digits("filter.nip", where.nip, 10),
        regon=search_terms.digits("filter.regon", where.regon, 9, 14),
        krs=search_terms.digits("filter.krs", where.krs, 10),
        einvoice_email=search_terms.email("filter.einvoiceEmail", where.einvoice_email),
    )


def _searches(op: Operation) -> bool:
    """False for a stranger, who is shown nothing. Raises Forbidden for a person, whoever they are."""
    if isinstance(op.asker, Viewer):
        raise Forbidden("Only internal tools search across clients; begin at 'viewer { clients }'.")
    return op.asker is not None
