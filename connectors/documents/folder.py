"""The document port over a folder: `<root>/<client number>/<owner kind>-<owner id>/<KIND>--<file name>`.

The embedded default: nothing to install, and any tool that can write files can fill it.
"""

import errno
import hashlib
import mimetypes
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import TypeVar

from connectors.batch import Page
from connectors.documents.content import ByteRange, DocumentContent
from connectors.documents.folder_content import OpenFile
from connectors.documents.folder_listing import day_of, entries
from connectors.documents.folder_names import PARTS, is_missing, is_plain, is_text
from connectors.documents.folder_threads import FolderThreads, FolderUnavailable
from connectors.documents.folder_uploads import FolderUploads
from connectors.documents.naming import kind_and_file_name, kind_of, title_of, uploader
from connectors.documents.port import DocumentOwner, DocumentRecord, NewUpload
from connectors.documents.queries import DocumentFilter, cut
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.resilience import Guard
from connectors.source import Source

T = TypeVar("T")


@lru_cache(maxsize=4096)
def _sha256(path: Path, _size: int, _changed_ns: int) -> str:
    """Of a file's content; size and time of change are part of the cache's key only."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FolderDocuments:
    """See `connectors.documents.port.DocumentPort`. An id is the path below the root, with `/`.

    `timeout` in seconds bounds one call, and each part of a file.
    """

    def __init__(self, system: str, root: Path, *, timeout: float = 5.0, guard: Guard | None = None) -> None:
        self.system = system
        self._root = root
        self._timeout = timeout
        self._guard = guard or Guard(system, timeout=timeout)
        self._threads = FolderThreads(system, self._guard.connections)
        self._uploads = FolderUploads(root)

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        if not owners:
            return []
        return await self._asked(lambda: [Page(self._of_owner(owner)) for owner in owners])

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        if not ids:
            return []
        return await self._asked(lambda: [self._by_id(key) for key in ids])

    async def documents_by_client(
        self, numbers: Sequence[str], where: DocumentFilter, part: Slice
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        if not numbers:
            return []
        return await self._asked(lambda: [self._of_client(each, where, part) for each in numbers])

    async def document_counts_by_client(self, numbers: Sequence[str], where: DocumentFilter) -> list[int]:
        if not numbers:
            return []
        return await self._asked(lambda: [len(entries(self._root, each, where)) for each in numbers])

    @asynccontextmanager
    async def open(self, key: str, part: ByteRange | None = None) -> AsyncIterator[DocumentContent | None]:
        def begin() -> OpenFile | None:
            self._check_root()
            path = PurePosixPath(key)
            if str(path) != key or not is_plain(path, PARTS):
                return None
            return OpenFile.of(self._uploads.place(path))

        async with self._guard.stream(lambda: self._threads.run(begin, lost=_close), repeatable=True) as file:
            if file is None:
                yield None
                return
            try:
                span = part or ByteRange(0, file.size)
                chunks = file.chunks(self.system, self._threads, span, self._timeout)
                yield DocumentContent(file.size, part, chunks)
            finally:
                file.close()

    async def put(self, upload: NewUpload, chunks: AsyncIterator[bytes]) -> DocumentRecord:
        source = Source(chunks, self._timeout)

        async def stored() -> DocumentRecord | MalformedRecord | None:
            async with source.limit(), aclosing(source.chunks()) as flowing:
                await self._threads.run(self._check_root)
                path = await self._uploads.put(self._threads, upload, flowing)
                return await self._threads.run(lambda: self._read(path))

        with source.told():
            async with self._guard.stream(stored, repeatable=False, timed=False) as record:
                if not isinstance(record, DocumentRecord):
                    raise FolderUnavailable(self.system)
                return record

    async def keep(
        self, client_number: str, ids: Sequence[str]
    ) -> list[DocumentRecord | MalformedRecord | None]:
        if not ids:
            return []

        def kept() -> list[DocumentRecord | MalformedRecord | None]:
            for key in ids:
                self._uploads.keep(client_number, PurePosixPath(key))
            return [self._by_id(key) for key in ids]

        return [
            record if record is not None and record.client_number == client_number else None
            for record in await self._asked(kept, repeatable=False)
        ]

    async def health(self) -> None:
        """A root that is gone, such as a share that isn't mounted, is no empty one."""
        await self._guard.probe(lambda: self._threads.run(self._check_root))

    def close(self) -> None:
        """No more is asked."""
        self._threads.close()

    async def _asked(self, work: Callable[[], T], *, repeatable: bool = True) -> T:
        def checked() -> T:
            self._check_root()
            return work()

        return await self._guard.call(lambda: self._threads.run(checked), repeatable=repeatable)

    def _check_root(self) -> None:
        if not self._root.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"no folder at {self._root}")  # the log says which

    def _of_owner(self, owner: DocumentOwner) -> list[DocumentRecord | MalformedRecord]:
        folder = PurePosixPath(owner.client_number, f"{owner.kind}-{owner.id}")
        if not is_plain(folder, PARTS - 1):
            return []
        try:
            names = sorted(path.name for path in (self._root / folder).iterdir())
        except OSError as error:
            return (
                []
                if is_missing(error)
                else [self._unreadable("folder of documents", owner.client_number, error)]
            )
        found = [record for name in names if (record := self._read(folder / name)) is not None]
        return sorted(found, key=_age, reverse=True)

    def _of_client(
        self, client_number: str, where: DocumentFilter, part: Slice
    ) -> Page[DocumentRecord | MalformedRecord]:
        """Only the files of the page are read, for their hashes."""
        chosen, more = cut(entries(self._root, client_number, where), part)
        found = [self._listed(entry.path) for entry in chosen]
        items = [record for record in found if record is not None]
        return Page(items, more, chosen[-1].position if chosen else None)

    def _listed(self, path: PurePosixPath) -> DocumentRecord | MalformedRecord | None:
        if len(path.parts) == PARTS:
            return self._read(path)
        return MalformedRecord(self.system, "folder of documents", "it can't be read", path.parts[0])

    def _by_id(self, key: str) -> DocumentRecord | MalformedRecord | None:
        path = PurePosixPath(key)
        if str(path) != key or not is_plain(path, PARTS):
            return None
        return self._read(path)

    def _read(self, path: PurePosixPath) -> DocumentRecord | MalformedRecord | None:
        """None for what is no file, or none any more: others write here at the same time."""
        client_number, owner, name = path.parts
        if not is_text(name):
            return MalformedRecord(self.system, "document", "its name is not UTF-8", client_number)
        try:
            file = self._uploads.place(path)
            stat = file.stat()
            if not S_ISREG(stat.st_mode):
                return None
            sha256 = _sha256(file, stat.st_size, stat.st_mtime_ns)
        except OSError as error:
            return None if is_missing(error) else self._unreadable(f"document {path}", client_number, error)
        _, file_name = kind_and_file_name(name)
        return DocumentRecord(
            id=str(path),
            owner=owner.replace("-", ":", 1),
            client_number=client_number,
            kind=kind_of(name),
            title=title_of(file_name),
            file_name=file_name,
            mime_type=mimetypes.guess_type(file_name)[0] or "application/octet-stream",
            size=stat.st_size,
            sha256=sha256,
            issued_on=day_of(stat),
            as_of=datetime.now(UTC),
            uploaded_by=uploader(owner),
            expires_at=self._uploads.expires_at(path),
        )

    def _unreadable(self, record: str, client_number: str, error: OSError) -> MalformedRecord:
        return MalformedRecord(self.system, record, os.strerror(error.errno or 0), client_number)


def _close(file: OpenFile | None) -> None:
    if file is not None:
        file.close()


def _age(record: DocumentRecord | MalformedRecord) -> tuple[date, str]:
    """What can't be read stands first, where it is seen."""
    if isinstance(record, MalformedRecord):
        return date.max, record.record
    return record.issued_on or date.min, record.id
