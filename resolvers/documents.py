"""Documents of invoices and contracts."""

from collections.abc import Sequence
from typing import TypeAlias

from connectors.batch import Page
from connectors.documents.port import DocumentOwner, DocumentRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import InvoiceRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.operation import Operation

Documents: TypeAlias = Sequence[DocumentRecord | MalformedRecord]

documents_by_id: Loader[DocumentRecord | None] = asking(lambda op: op.backoffice.documents.documents_by_id)
documents_by_owner: Loader[Page[DocumentRecord | MalformedRecord]] = asking(
    lambda op: op.backoffice.documents.documents_by_owner
)


async def documents_of_invoice(op: Operation, invoice: InvoiceRecord) -> Documents:
    """The documents of an invoice, newest first."""
    return await _documents_of(op, DocumentOwner("invoice", invoice.id, invoice.client_number))


async def documents_of_contract(op: Operation, contract: ContractRecord) -> Documents:
    """The documents of a contract, newest first."""
    return await _documents_of(op, DocumentOwner("contract", contract.id, contract.client_number))


async def _documents_of(op: Operation, owner: DocumentOwner) -> Documents:
    return (await documents_by_owner.load(op, owner)).items
