"""Uploads: stored whole or not at all, never in place of another, for a day unless they are kept."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeAlias

import msgspec
import pytest

from connectors.contract_tests.data.documents import DocumentData
from connectors.contract_tests.keys import STRANGE
from connectors.contract_tests.opening import content
from connectors.documents.port import DocumentKind, DocumentPort, DocumentRecord, NewUpload
from connectors.documents.queries import DocumentFilter
from connectors.erp.queries import Slice
from connectors.errors import UpstreamError, UpstreamUnavailable

DayLater: TypeAlias = Callable[[Sequence[str]], Awaitable[None]]
BYTES = b"%PDF-1.7 za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87" * 20_000


def described(data: DocumentData, content: bytes = BYTES) -> NewUpload:
    """A new upload of these bytes."""
    return NewUpload(
        key=f"U{secrets.token_hex(16)}",
        client_number=data.uploader,
        uploaded_by="anna/ą@x.pl",
        file_name="Umowa o dzieło (2) – 'kopia' 100%+.pdf",
        mime_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


async def parts(content: bytes = BYTES, size: int = 100_000) -> AsyncIterator[bytes]:
    """Bytes as they come in."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


class Broke(Exception):
    """What a source of bytes may raise."""


class Uploading:
    """The part of `DocumentContract` that writes."""

    @pytest.fixture
    def a_day_later(self) -> DayLater:
        """Makes the store believe that a day has passed since these were uploaded, by their ids."""
        raise NotImplementedError("give a fixture `a_day_later`")

    async def test_what_is_put_is_there_but_in_no_list(self, port: DocumentPort, data: DocumentData) -> None:
        given = described(data)
        record = await port.put(given, parts())
        for each in (record, *await port.documents_by_id([record.id])):
            assert isinstance(each, DocumentRecord)
            assert (each.client_number, each.uploaded_by) == (given.client_number, given.uploaded_by)
            assert (each.file_name, each.mime_type) == (given.file_name, given.mime_type)
            assert (each.size, each.sha256) == (given.size, given.sha256)
            assert (each.kind, each.holder) == (DocumentKind.ATTACHMENT, given.uploaded_by)
            assert each.expires_at is not None
            assert each.expires_at > each.as_of
        assert await content(port, record.id) == BYTES
        assert record.id not in await _listed(port, data)

    async def test_what_is_kept_is_the_client_s(self, port: DocumentPort, data: DocumentData) -> None:
        record = await port.put(described(data), parts())
        for _ in range(2):
            (kept,) = await port.keep(data.uploader, [record.id])
            assert isinstance(kept, DocumentRecord)
            assert (kept.id, kept.expires_at, kept.holder) == (record.id, None, None)
            assert (kept.uploaded_by, kept.file_name) == (record.uploaded_by, record.file_name)
        assert record.id in await _listed(port, data)
        assert await content(port, record.id) == BYTES

    async def test_only_uploads_of_the_client_are_kept(self, port: DocumentPort, data: DocumentData) -> None:
        record, mine = [await port.put(described(data), parts()) for _ in range(2)]
        assert await port.keep(data.neighbour, [record.id]) == [None]
        assert await port.keep(data.uploader, STRANGE) == [None] * len(STRANGE)
        kept = await port.keep(data.uploader, ["nothing", mine.id, "nothing", mine.id])
        assert [each and isinstance(each, DocumentRecord) and each.id for each in kept] == [
            None, mine.id, None, mine.id,
        ]  # fmt: skip
        (still,) = await port.documents_by_id([record.id])
        assert isinstance(still, DocumentRecord)
        assert still.holder == record.uploaded_by

    async def test_nothing_is_replaced(self, port: DocumentPort, data: DocumentData) -> None:
        given = described(data)
        record = await port.put(given, parts())
        other = msgspec.structs.replace(described(data, BYTES[::-1]), key=given.key)
        for _ in range(2):  # neither while it waits, nor when it is kept
            with pytest.raises(UpstreamError):
                await port.put(other, parts(BYTES[::-1]))
            assert await content(port, record.id) == BYTES
            await port.keep(data.uploader, [record.id])

    async def test_of_several_at_once_with_one_key_one_is_stored(
        self, port: DocumentPort, data: DocumentData
    ) -> None:
        key = described(data).key
        texts = [bytes([letter]) * 300_000 for letter in b"abcd"]
        uploads = [msgspec.structs.replace(described(data, each), key=key) for each in texts]
        puts = [port.put(upload, parts(text)) for upload, text in zip(uploads, texts, strict=True)]
        found = await asyncio.gather(*puts, return_exceptions=True)
        (winner,) = (place for place, each in enumerate(found) if isinstance(each, DocumentRecord))
        assert all(isinstance(each, UpstreamError) for place, each in enumerate(found) if place != winner)
        record = found[winner]
        assert isinstance(record, DocumentRecord)
        assert record.sha256 == uploads[winner].sha256
        assert await content(port, record.id) == texts[winner]

    async def test_two_of_a_name_are_two(self, port: DocumentPort, data: DocumentData) -> None:
        first, second = [await port.put(described(data), parts()) for _ in range(2)]
        assert first.id != second.id

    async def test_a_source_that_breaks_off_leaves_nothing(
        self, port: DocumentPort, data: DocumentData
    ) -> None:
        async def broken() -> AsyncIterator[bytes]:
            yield BYTES[:200_000]
            raise Broke

        given = described(data)
        with pytest.raises(Broke):
            await port.put(given, broken())
        assert (await port.put(given, parts())).size == len(BYTES), "the key is not free"

    async def test_uploads_expire_unless_they_are_kept(
        self, port: DocumentPort, data: DocumentData, a_day_later: DayLater
    ) -> None:
        left, kept = [await port.put(described(data), parts()) for _ in range(2)]
        await port.keep(data.uploader, [kept.id])
        await a_day_later([left.id, kept.id])
        found = await port.documents_by_id([left.id, kept.id])
        assert [each is None for each in found] == [True, False]
        assert [await content(port, each.id) for each in (left, kept)] == [None, BYTES]
        assert await port.keep(data.uploader, [left.id]) == [None]

    async def test_uploads_to_a_store_that_is_down(
        self, port: DocumentPort, unreachable: DocumentPort, data: DocumentData
    ) -> None:
        record = await port.put(described(data), parts())
        with pytest.raises(UpstreamUnavailable):
            await unreachable.put(described(data), parts())
        with pytest.raises(UpstreamUnavailable):
            await unreachable.keep(data.uploader, [record.id])


async def _listed(port: DocumentPort, data: DocumentData) -> set[str]:
    """The attachments of the client, as many as are counted."""
    where = DocumentFilter(kinds=(DocumentKind.ATTACHMENT,))
    (page,) = await port.documents_by_client([data.uploader], where, Slice(1000))
    assert await port.document_counts_by_client([data.uploader], where) == [len(page.items)]
    return {each.id for each in page.items if isinstance(each, DocumentRecord)}
