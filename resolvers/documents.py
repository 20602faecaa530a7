"""Documents of invoices, contracts, policies and clients; links to download them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Generic, TypeAlias, TypeVar

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
from resolvers.relation import Relation

S = TypeVar("S")

Documents: TypeAlias = Sequence[DocumentRecord | MalformedRecord]


_OWNER = ("id", "client_number")
"""What a record that has documents is known by."""


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


class DocumentsOf(Generic[S]):
    """The documents of an owner, newest first, by a filter: for one source and for all of a level.

    What can't be read may be what was asked for. Raises InputError, as for a client.
    """

    reads = _OWNER

    def __init__(self, owner: Callable[[S], DocumentOwner]) -> None:
        self._pages: Relation[S, Page[DocumentRecord | MalformedRecord]] = Relation(documents_by_owner, owner)

    async def __call__(self, op: Operation, source: S, where: DocumentFilter) -> Documents:
        """The documents of one source."""
        return await self._found(where)(op, source)

    async def each(
        self, op: Operation, sources: Sequence[S], where: DocumentFilter
    ) -> list[Documents | Exception]:
        """The documents of each source, or its error."""
        return await self._found(where).each(op, sources)

    def _found(self, where: DocumentFilter) -> Relation[S, Documents]:
        _check(where)
        return self._pages.then(lambda page: [each for each in page.items if _taken(each, where)])


documents_of_invoice: DocumentsOf[InvoiceRecord] = DocumentsOf(
    lambda each: DocumentOwner("invoice", each.id, each.client_number)
)
"""The documents of an invoice."""

documents_of_contract: DocumentsOf[ContractRecord] = DocumentsOf(
    lambda each: DocumentOwner("contract", each.id, each.client_number)
)
"""The documents of a contract."""

document_of_policy: Relation[PolicyRecord, DocumentRecord | MalformedRecord | None] = Relation(
    documents_by_owner,
    lambda each: DocumentOwner("policy", each.id, each.client_number),
    lambda page: page.items[0] if page.items else None,
    reads=_OWNER,
)
"""The newest document of a policy."""


def _taken(document: DocumentRecord | MalformedRecord, where: DocumentFilter) -> bool:
    return isinstance(document, MalformedRecord) or where.takes(document.kind, document.issued_on or date.min)


def _check(where: DocumentFilter) -> None:
    start, end = where.issued_from, where.issued_to
    if start is not None and end is not None and start > end:
        raise InputError("filter.issuedFrom", f"must not be after 'filter.issuedTo'; {start} is after {end}")
