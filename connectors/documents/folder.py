"""The document port over a folder: `<root>/<client number>/<owner kind>-<owner id>/<KIND>--<file name>`.

The embedded default: nothing to install, and any tool that can write files can fill it.
"""

import asyncio
import hashlib
import mimetypes
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath

from connectors.batch import Page
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentRecord
from connectors.errors import MalformedRecord, UpstreamUnavailable

_PARTS = 3  # client, owner, file


@lru_cache(maxsize=4096)
def _sha256(path: Path, _size: int, _changed_ns: int) -> str:
    """Of a file's content; size and time of change are part of the cache's key only."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FolderDocuments:
    """See `connectors.documents.port.DocumentPort`. An id is the path below the root, with `/`."""

    def __init__(self, system: str, root: Path) -> None:
        self.system = system
        self._root = root

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        return await asyncio.to_thread(lambda: [Page(self._of_owner(owner)) for owner in owners])

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        return await asyncio.to_thread(lambda: [self._by_id(key) for key in ids])

    async def health(self) -> None:
        if not await asyncio.to_thread(self._root.is_dir):
            raise UpstreamUnavailable(self.system)

    def _of_owner(self, owner: DocumentOwner) -> list[DocumentRecord]:
        folder = PurePosixPath(owner.client_number, f"{owner.kind}-{owner.id}")
        if not _plain(folder):
            return []
        try:
            names = sorted(path.name for path in (self._root / folder).iterdir() if path.is_file())
        except FileNotFoundError:
            return []
        found = [self._read(folder / name) for name in names]
        return sorted(found, key=lambda record: (record.issued_on or "", record.id), reverse=True)

    def _by_id(self, key: str) -> DocumentRecord | None:
        path = PurePosixPath(key)
        if len(path.parts) != _PARTS or not _plain(path) or not (self._root / path).is_file():
            return None
        return self._read(path)

    def _read(self, path: PurePosixPath) -> DocumentRecord:
        client_number, owner, name = path.parts
        file = self._root / path
        stat = file.stat()
        code, _, file_name = name.rpartition("--")
        return DocumentRecord(
            id=str(path),
            owner=owner.replace("-", ":", 1),
            client_number=client_number,
            kind=DocumentKind(code) if code else DocumentKind.OTHER,
            title=PurePosixPath(file_name).stem,
            file_name=file_name,
            mime_type=mimetypes.guess_type(file_name)[0] or "application/octet-stream",
            size=stat.st_size,
            sha256=_sha256(file, stat.st_size, stat.st_mtime_ns),
            issued_on=datetime.fromtimestamp(stat.st_mtime, UTC).date(),
            as_of=datetime.now(UTC),
        )


def _plain(path: PurePosixPath) -> bool:
    """Whether a path stays below the root whatever a caller put into it."""
    return not path.is_absolute() and not any(part in ("..", ".") or "\0" in part for part in path.parts)
