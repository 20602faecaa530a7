"""Receiving an upload: who may, what is announced, what comes, and where it is kept."""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors.documents.port import DocumentRecord, NewUpload
from connectors.erp.records.client import ClientRecord
from resolvers import nodes
from resolvers.file_names import told_name
from resolvers.operation import Operation
from resolvers.permissions import may_ask_anything
from resolvers.uploads.kinds import KINDS, FileKind
from resolvers.uploads.refusal import Reason, UploadRefused, WrongContent
from resolvers.uploads.spool import Spool, spooled

MOST_AT_ONCE = 4
"""Of one user, in one gateway: each holds a file on the disk."""
MOST_NAME = 150
_ANY_TYPE = frozenset({"", "application/octet-stream"})


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that may come: whose, and what it has to be."""

    client_number: str
    login: str
    name: str
    kind: FileKind


class UploadCounter(Protocol):
    """Counts uploads by login. A port that gateway/ fills."""

    async def count_upload(self, login: str) -> int:
        """One more: how many there were since the first of the last 24 hours. May raise an UpstreamError."""


class Uploads:
    """Takes files of at most `most_bytes`, by way of a folder on a disk, `most_a_day` of one user."""

    def __init__(self, most_bytes: int, most_a_day: int, folder: Path, counter: UploadCounter) -> None:
        self.most_bytes = most_bytes
        self._most_a_day = most_a_day
        self._folder = folder
        self._counter = counter
        self._under_way: Counter[str] = Counter()

    async def announce(
        self, op: Operation, client_id: str, file_name: str | None, media_type: str, size: int | None
    ) -> Announced:
        """What can be said before the first byte; `size` in bytes, None if untold. Raises UploadRefused."""
        if op.viewer is None:
            raise UploadRefused(Reason.NOT_PERMITTED, None, "an internal tool only reads")
        if not may_ask_anything(op.viewer):
            raise UploadRefused(Reason.NOT_PERMITTED, None, "your role may not submit requests")
        name, kind = _named(file_name, media_type)
        if size is not None:
            self._check_size(size)
        client: ClientRecord | None = await nodes.of_type(op, "Client", client_id)
        if client is None:
            rule = "must be the id of a client that you may see"
            raise UploadRefused(Reason.NOT_FOUND, "clientId", rule)
        return Announced(client.number, op.viewer.login, name, kind)

    async def receive(self, op: Operation, file: Announced, parts: AsyncIterator[bytes]) -> DocumentRecord:
        """The stored document, once all of it has come and is what it has to be.

        The store hears of it only then. Raises UploadRefused, and an UpstreamError of the store.
        """
        with self._one_more(file.login):
            if await self._counter.count_upload(file.login) > self._most_a_day:
                rule = f"you have uploaded {self._most_a_day} files within a day; go on tomorrow"
                raise UploadRefused(Reason.TOO_MANY_TODAY, None, rule)
            async with spooled(self._folder) as spool:
                async for part in parts:
                    self._check_size(spool.size + len(part))
                    await spool.write(part)
                await _check_content(spool, file.kind)
                upload = NewUpload(
                    key=f"U{secrets.token_hex(16)}",
                    client_number=file.client_number,
                    uploaded_by=file.login,
                    file_name=file.name,
                    mime_type=file.kind.media_type,
                    size=spool.size,
                    sha256=spool.sha256,
                )
                return await op.backoffice.documents.put(upload, spool.chunks())

    def _check_size(self, size: int) -> None:
        if size > self.most_bytes:
            raise UploadRefused(Reason.TOO_LARGE, "body", f"must be at most {self.most_bytes} bytes")

    @contextmanager
    def _one_more(self, login: str) -> Iterator[None]:
        if self._under_way[login] >= MOST_AT_ONCE:
            rule = f"you have {MOST_AT_ONCE} under way; wait for one to end"
            raise UploadRefused(Reason.TOO_MANY, None, rule)
        self._under_way[login] += 1
        try:
            yield
        finally:
            self._under_way[login] -= 1
            if not self._under_way[login]:
                del self._under_way[login]


def _named(file_name: str | None, media_type: str) -> tuple[str, FileKind]:
    name = told_name(file_name or "")
    stem, _, extension = name.rpartition(".")
    kind = KINDS.get(extension.lower())
    if not stem or kind is None:
        rule = f"must be a name that ends in one of: {', '.join(KINDS)}"
        if not name:
            rule = f"must be told by 'Content-Disposition: attachment; filename=…'; it {rule}"
        raise UploadRefused(Reason.TYPE if name else Reason.INVALID, "fileName", rule)
    if media_type not in _ANY_TYPE | {kind.media_type} | kind.also:
        rule = f"must be {kind.media_type} for a name that ends in {extension}"
        raise UploadRefused(Reason.TYPE, "Content-Type", rule)
    return f"{stem[:MOST_NAME].rstrip(' .')}.{extension}", kind


async def _check_content(spool: Spool, kind: FileKind) -> None:
    if not spool.size:
        raise UploadRefused(Reason.CONTENT, "body", "must not be empty")
    try:
        await spool.check(kind.check)
    except WrongContent as error:
        raise UploadRefused(Reason.CONTENT, "body", f"breaks a rule: the file {error}") from error
