"""The document port over a folder: `<root>/<client number>/<owner kind>-<owner id>/<KIND>--<file name>`.

The embedded default: nothing to install, and any tool that can write files can fill it.
"""

import asyncio
import hashlib
import mimetypes
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from errno import ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR
from functools import lru_cache
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from zoneinfo import ZoneInfo

from connectors.batch import Page
from connectors.documents.port import DocumentKind, DocumentOwner, DocumentRecord
from connectors.errors import MalformedRecord, UpstreamUnavailable

_WARSAW = ZoneInfo("Europe/Warsaw")
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
        await self.health()
        return await asyncio.to_thread(lambda: [Page(self._of_owner(owner)) for owner in owners])

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        await self.health()
        return await asyncio.to_thread(lambda: [self._by_id(key) for key in ids])

    async def health(self) -> None:
        """A root that is gone, such as a share that isn't mounted, is no empty one."""
        if not await asyncio.to_thread(self._root.is_dir):
            raise UpstreamUnavailable(self.system)

    def _of_owner(self, owner: DocumentOwner) -> list[DocumentRecord | MalformedRecord]:
        folder = PurePosixPath(owner.client_number, f"{owner.kind}-{owner.id}")
        if not _plain(folder, _PARTS - 1):
            return []
        try:
            names = sorted(path.name for path in (self._root / folder).iterdir())
        except OSError as error:
            return (
                []
                if _is_missing(error)
                else [self._unreadable("folder of documents", owner.client_number, error)]
            )
        found = [record for name in names if (record := self._read(folder / name)) is not None]
        return sorted(found, key=_age, reverse=True)

    def _by_id(self, key: str) -> DocumentRecord | MalformedRecord | None:
        path = PurePosixPath(key)
        if str(path) != key or not _plain(path, _PARTS):
            return None
        return self._read(path)

    def _read(self, path: PurePosixPath) -> DocumentRecord | MalformedRecord | None:
        """None for what is no file, or none any more: others write here at the same time."""
        client_number, owner, name = path.parts
        if not _is_text(name):
            return MalformedRecord(self.system, "document", "its name is not UTF-8", client_number)
        file = self._root / path
        try:
            stat = file.stat()
            if not S_ISREG(stat.st_mode):
                return None
            sha256 = _sha256(file, stat.st_size, stat.st_mtime_ns)
        except OSError as error:
            return None if _is_missing(error) else self._unreadable(f"document {path}", client_number, error)
        code, dashes, file_name = name.partition("--")
        if not dashes:
            code, file_name = "", name
        return DocumentRecord(
            id=str(path),
            owner=owner.replace("-", ":", 1),
            client_number=client_number,
            kind=DocumentKind(code) if code else DocumentKind.OTHER,
            title=PurePosixPath(file_name).stem,
            file_name=file_name,
            mime_type=mimetypes.guess_type(file_name)[0] or "application/octet-stream",
            size=stat.st_size,
            sha256=sha256,
            issued_on=datetime.fromtimestamp(stat.st_mtime, _WARSAW).date(),
            as_of=datetime.now(UTC),
        )

    def _unreadable(self, record: str, client_number: str, error: OSError) -> MalformedRecord:
        return MalformedRecord(self.system, record, os.strerror(error.errno or 0), client_number)


def _age(record: DocumentRecord | MalformedRecord) -> tuple[date, str]:
    """What can't be read stands first, where it is seen."""
    if isinstance(record, MalformedRecord):
        return date.max, record.record
    return record.issued_on or date.min, record.id


def _plain(path: PurePosixPath, parts: int) -> bool:
    """Whether a path has so many parts and stays below the root, whatever a caller put into it."""
    return (
        len(path.parts) == parts
        and not path.is_absolute()
        and not any(part in ("..", ".") or "\0" in part for part in path.parts)
    )


def _is_missing(error: OSError) -> bool:
    """Whether there is no such file, or can't be one of that name."""
    return error.errno in (ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP)


def _is_text(name: str) -> bool:
    """Python reads the bytes of a name that aren't UTF-8 as lone surrogates, which nobody can send."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
