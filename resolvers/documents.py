"""Documents of invoices, contracts, policies and clients; links to download them."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from connectors.batch import Page
from connectors.documents.port import DocumentOwner, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.errors import MalformedRecord
from resolvers.downloads.links import Link
from resolvers.downloads.tickets import DocumentTicket
from resolvers.errors import InputError
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

Documents: TypeAlias = Sequence[DocumentRecord | MalformedRecord]


class _ByDayOfIssue(Keyset[DocumentRecord]):
    def position(self, record: DocumentRecord) -> tuple[str, ...]:
        """The contract places a document without a day of issue last."""
        return str(record.issued_on or date.min), record.id


DOCUMENTS = _ByDayOfIssue("documents", issued_on=date, id=str)

documents_by_id: Loader[DocumentRecord | None] = asking(
    DocumentRecord, lambda op: op.backoffice.documents.documents_by_id
)
documents_by_owner: Loader[Page[DocumentRecord | MalformedRecord]] = asking(
    DocumentRecord, lambda op: op.backoffice.documents.documents_by_owner
)
documents_by_client = Listing(
    DOCUMENTS,
    asking(DocumentRecord, lambda op: op.backoffice.documents.documents_by_client),
    asking(DocumentRecord, lambda op: op.backoffice.documents.document_counts_by_client),
)


async def documents_of_client(
    op: Operation, client: ClientRecord, where: DocumentFilter, first: int | None, after: str | None
) -> Connection[DocumentRecord]:
    """All documents of a client, newest first. Raises InputError where the span ends before it begins."""
    _check(where)
    return await documents_by_client.connect(op, client.number, first, after, where)


def document_link(op: Operation, document: DocumentRecord) -> Link | None:
    """A link to download it, for whoever asks."""
    if op.asker is None:
        return None
    return op.links.link(op.asker, DocumentTicket(document.client_number, document.id))


async def documents_of_invoice(op: Operation, invoice: InvoiceRecord, where: DocumentFilter) -> Documents:
    """The documents of an invoice, newest first. Raises InputError, as for a client."""
    return await _documents_of(op, DocumentOwner("invoice", invoice.id, invoice.client_number), where)


async def documents_of_contract(op: Operation, contract: ContractRecord, where: DocumentFilter) -> Documents:
    """The documents of a contract, newest first. Raises InputError, as for a client."""
    return await _documents_of(op, DocumentOwner("contract", contract.id, contract.client_number), where)


async def document_of_policy(op: Operation, policy: PolicyRecord) -> DocumentRecord | MalformedRecord | None:
    """The newest document of a policy."""
    page = await documents_by_owner.load(op, DocumentOwner("policy", policy.id, policy.client_number))
    return page.items[0] if page.items else None


async def _documents_of(op: Operation, owner: DocumentOwner, where: DocumentFilter) -> Documents:
    """What can't be read may be what was asked for."""
    _check(where)
    return [
        document
        for document in (await documents_by_owner.load(op, owner)).items
        if isinstance(document, MalformedRecord) or where.takes(document.kind, document.issued_on or date.min)
    ]


def _check(where: DocumentFilter) -> None:
    start, end = where.issued_from, where.issued_to
    if start is not None and end is not None and start > end:
        raise InputError("filter.issuedFrom", f"must not be after 'filter.issuedTo'; {start} is after {end}")
