"""What a bucket's list says of documents, in order."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from mimetypes import guess_type
from typing import NamedTuple
from urllib.parse import unquote

from connectors.documents.port import DocumentKind, DocumentRecord
from connectors.documents.queries import DocumentFilter
from connectors.documents.s3_bucket import StoredObject
from connectors.documents.s3_keys import LASTING, Place, place_of
from connectors.errors import MalformedRecord


class Entry(NamedTuple):
    """An object below `documents/`; `size` in bytes, `place` None where its key is not as it should be."""

    id: str
    place: Place | None
    size: int

    @property
    def issued_on(self) -> date:
        """What can't be read stands on top, where it is seen."""
        return self.place.issued_on if self.place else date.max

    @property
    def position(self) -> tuple[str, str]:
        """As the contract's keyset position."""
        return self.issued_on.isoformat(), self.id

    def is_taken(self, where: DocumentFilter) -> bool:
        """Whether it meets every condition."""
        return where.takes(self.place.kind if self.place else DocumentKind.OTHER, self.issued_on)


def entries(found: Iterable[StoredObject]) -> list[Entry]:
    """Without the empty objects that consoles make to show folders."""
    ids = ((each.key.removeprefix(LASTING), each.size) for each in found if not each.key.endswith("/"))
    return [Entry(key, place_of(key), size) for key, size in ids]


def newest_first(found: Iterable[Entry]) -> list[Entry]:
    """By day of issue and then id."""
    return sorted(found, key=lambda entry: entry.position, reverse=True)


def read(system: str, entry: Entry) -> DocumentRecord | MalformedRecord:
    """The record, or what is wrong with it."""
    if entry.place is None:
        reason = "its key is not <client>/<owner>/<day>.<SHA-256>.<name>"
        return MalformedRecord(system, f"document {entry.id}", reason, unquote(entry.id.partition("/")[0]))
    return record_of(entry.place, entry.size)


def record_of(place: Place, size: int, expires_at: datetime | None = None) -> DocumentRecord:
    """The record of a document with this id."""
    return DocumentRecord(
        id=place.id,
        owner=place.owner_name,
        client_number=place.client_number,
        kind=place.kind,
        title=place.title,
        file_name=place.file_name,
        mime_type=guess_type(place.file_name)[0] or "application/octet-stream",
        size=size,
        sha256=place.sha256,
        issued_on=place.issued_on,
        as_of=datetime.now(UTC),
        uploaded_by=place.uploaded_by,
        expires_at=expires_at,
    )
