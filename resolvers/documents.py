"""Documents of invoices, contracts and clients; links to download them."""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from connectors.batch import Page
from connectors.documents.port import DocumentOwner, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import InvoiceRecord
from connectors.errors import MalformedRecord
from resolvers.downloads.links import Link
from resolvers.downloads.tickets import DocumentTicket
from resolvers.errors import InputError
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset
from resolvers.relation import Relation, items

Documents: TypeAlias = Sequence[DocumentRecord | MalformedRecord]


class _ByDayOfIssue(Keyset[DocumentRecord]):
    def position(self, record: DocumentRecord) -> tuple[str, ...]:
        """The contract places a document without a day of issue last."""
        return str(record.issued_on or date.min), record.id


DOCUMENTS = _ByDayOfIssue("documents", issued_on=date, id=str)

documents_by_id: Loader[DocumentRecord | None] = asking(lambda op: op.backoffice.documents.documents_by_id)
documents_by_owner: Loader[Page[DocumentRecord | MalformedRecord]] = asking(
    lambda op: op.backoffice.documents.documents_by_owner
)
documents_by_client = Listing(
    DOCUMENTS,
    asking(lambda op: op.backoffice.documents.documents_by_client),
    asking(lambda op: op.backoffice.documents.document_counts_by_client),
)


async def documents_of_client(
    op: Operation, client: ClientRecord, where: DocumentFilter, first: int | None, after: str | None
) -> Connection[DocumentRecord]:
    """All documents of a client, newest first. Raises InputError where the span ends before it begins."""
    start, end = where.issued_from, where.issued_to
    if start is not None and end is not None and start > end:
        raise InputError("filter.issuedFrom", f"must not be after 'filter.issuedTo'; {start} is after {end}")
    return await documents_by_client.connect(op, client.number, first, after, where)


def document_link(op: Operation, document: DocumentRecord) -> Link | None:
    """A link to download it, for the viewer."""
    if op.viewer is None:
        return None
    return op.links.link(op.viewer, DocumentTicket(document.client_number, document.id))


documents_of_invoice: Relation[InvoiceRecord, Documents] = Relation(
    documents_by_owner, lambda each: DocumentOwner("invoice", each.id, each.client_number), items
)
"""The documents of an invoice, newest first."""

documents_of_contract: Relation[ContractRecord, Documents] = Relation(
    documents_by_owner, lambda each: DocumentOwner("contract", each.id, each.client_number), items
)
"""The documents of a contract, newest first."""
