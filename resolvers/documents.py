"""Documents of invoices and contracts."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.documents.port import DocumentOwner, DocumentRecord
from connectors.erp.port import Found, Pages
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import InvoiceRecord
from resolvers.loading import loader
from resolvers.operation import Operation


@loader
async def documents_by_id(op: Operation, ids: Sequence[str]) -> Found[DocumentRecord]:
    return await op.backoffice.documents.documents_by_id(ids)


@loader
async def documents_by_owner(op: Operation, owners: Sequence[DocumentOwner]) -> Pages[DocumentRecord]:
    return await op.backoffice.documents.documents_by_owner(owners)


async def documents_of_invoice(op: Operation, invoice: InvoiceRecord) -> Sequence[DocumentRecord]:
    """The documents of an invoice, newest first."""
    return await _documents_of(op, DocumentOwner("invoice", invoice.id, invoice.client_number))


async def documents_of_contract(op: Operation, contract: ContractRecord) -> Sequence[DocumentRecord]:
    """The documents of a contract, newest first."""
    return await _documents_of(op, DocumentOwner("contract", contract.id, contract.client_number))


async def _documents_of(op: Operation, owner: DocumentOwner) -> Sequence[DocumentRecord]:
    page: Page[DocumentRecord] = await documents_by_owner.load(op, owner)
    return page.items
