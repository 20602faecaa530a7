"""The document port and its records."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import TYPE_CHECKING, Protocol

import msgspec

from connectors.batch import Page
from connectors.documents.content import ByteRange, DocumentContent
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.record import Code, Moment, Record

if TYPE_CHECKING:
    from connectors.documents.queries import DocumentFilter


class DocumentKind(Code):
    """What a document is."""

    INVOICE_PDF = "INVOICE_PDF"
    KSEF_XML = "KSEF_XML"
    UPO = "UPO"
    CONTRACT_PDF = "CONTRACT_PDF"
    SCHEDULE_PDF = "SCHEDULE_PDF"
    POLICY_PDF = "POLICY_PDF"
    ATTACHMENT = "ATTACHMENT"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class DocumentOwner(msgspec.Struct, frozen=True):
    """What a document belongs to: an `invoice`, `contract`, `policy` or `request` by the ERP's id, and whose
    it is."""

    kind: str
    id: str
    client_number: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class DocumentRecord(Record, frozen=True):
    """A stored document; `size` in bytes, `sha256` in lower-case hex.

    `uploaded_by` is the login of the user who uploaded it, if one did. `expires_at` is when the store deletes
    an upload that nobody asked it to keep.
    """

    id: str
    owner: str
    client_number: str
    kind: DocumentKind
    title: str
    file_name: str
    mime_type: str
    size: int
    sha256: str
    issued_on: date | None
    uploaded_by: str | None = None
    expires_at: Moment | None = None

    @property
    def holder(self) -> str | None:
        """The login whose alone it is: an upload belongs to the client only when a request takes it."""
        return None if self.expires_at is None else self.uploaded_by


class NewUpload(msgspec.Struct, frozen=True):
    """A file that a user uploads. `key` is new: `U` and 32 hex digits; `size` in bytes, `sha256` in hex."""

    key: str
    client_number: str
    uploaded_by: str
    file_name: str
    mime_type: str
    size: int
    sha256: str


class DocumentPort(Protocol):
    """A document store. Reads are aligned to their keys, as in `connectors.erp.port`."""

    system: str

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        """All documents of each owner, newest first."""

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        """Documents by the store's id."""

    async def documents_by_client(
        self, numbers: Sequence[str], where: "DocumentFilter", part: Slice
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        """All documents of each client, by day of issue and then id, newest first."""

    async def document_counts_by_client(self, numbers: Sequence[str], where: "DocumentFilter") -> list[int]:
        """How many there are."""

    def open(
        self, key: str, part: ByteRange | None = None
    ) -> AbstractAsyncContextManager[DocumentContent | None]:
        """The bytes of a document by its id, whole or a part that lies within them; None where it is missing.

        Raises an UpstreamError. Leaving the block lets go of the store, wherever the reading stands.
        """

    async def put(self, upload: NewUpload, chunks: AsyncIterator[bytes]) -> DocumentRecord:
        """Stores an upload, whole or not at all, and never in place of another; it expires unless kept.

        Raises an UpstreamError, and what `chunks` raises.
        """

    async def keep(
        self, client_number: str, ids: Sequence[str]
    ) -> list[DocumentRecord | MalformedRecord | None]:
        """Keeps uploads of a client for good, once or again; None for those that are gone."""

    async def health(self) -> None:
        """Answers when the store does, else raises an UpstreamError."""
