"""The document port and its records."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

import msgspec

from connectors.batch import Page
from connectors.errors import MalformedRecord
from connectors.record import Code, Record


class DocumentKind(Code):
    """What a document is."""

    INVOICE_PDF = "INVOICE_PDF"
    KSEF_XML = "KSEF_XML"
    UPO = "UPO"
    CONTRACT_PDF = "CONTRACT_PDF"
    SCHEDULE_PDF = "SCHEDULE_PDF"
    POLICY_PDF = "POLICY_PDF"
    OTHER = "OTHER"
    UNKNOWN = "UNKNOWN"


class DocumentOwner(msgspec.Struct, frozen=True):
    """What a document belongs to: an `invoice`, `contract` or `request` by the ERP's id, and whose it is."""

    kind: str
    id: str
    client_number: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class DocumentRecord(Record, frozen=True):
    """A stored document; `size` in bytes, `sha256` in lower-case hex."""

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


class DocumentPort(Protocol):
    """A document store. Both reads are aligned to their keys, as in `connectors.erp.port`."""

    system: str

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        """All documents of each owner, newest first."""

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        """Documents by the store's id."""

    async def health(self) -> None:
        """Answers when the store does, else raises an UpstreamError."""
