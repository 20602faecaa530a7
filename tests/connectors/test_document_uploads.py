"""Storing uploads in a folder, and at stores that fail."""

import asyncio
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentPort, NewUpload
from connectors.documents.rest import RestDocuments
from connectors.errors import MalformedAnswer, UpstreamError, UpstreamTimeout, UpstreamUnavailable
from connectors.http import UpstreamClient
from tests.connectors.canned import answering, listening
from tests.harness.processes import Sandbox

DATA = b"%PDF-1.7 za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87" * 20_000
CLIENT = "0010014"
"""What is kept of it stays in the sandbox that all tests share: nobody counts its documents."""


def described(data: bytes = DATA, **changed: Any) -> NewUpload:
    told = {
        "key": f"U{secrets.token_hex(16)}", "client_number": CLIENT, "uploaded_by": "anna/ą@x.pl",
        "file_name": "Umowa o dzieło (2) – 'kopia'.pdf", "mime_type": "application/pdf", "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    return NewUpload(**{**told, **changed})


async def parts(data: bytes = DATA, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def content(port: DocumentPort, key: str) -> bytes | None:
    async with port.open(key) as found:
        return None if found is None else b"".join([chunk async for chunk in found.chunks])


async def test_a_source_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield DATA[:200_000]
        raise KeyError

    given = described()
    with pytest.raises(KeyError):
        await FolderDocuments("documents", tmp_path).put(given, broken())
    assert [path for path in tmp_path.rglob("*") if given.key in str(path)] == []


async def test_uploads_that_expired_are_deleted_from_a_folder(tmp_path: Path) -> None:
    port = FolderDocuments("documents", tmp_path)
    left, kept, young = [await port.put(described(), parts()) for _ in range(3)]
    await port.keep(CLIENT, [kept.id])
    old = time.time() - timedelta(hours=25).total_seconds()
    os.utime((tmp_path / ".uploads" / left.id).parent, (old, old))
    os.utime((tmp_path / kept.id).parent, (old, old))
    assert await port.documents_by_id([left.id]) == [None]
    assert await port.keep(CLIENT, [left.id]) == [None]
    assert (tmp_path / ".uploads" / left.id).exists()
    await port.put(described(), parts())
    assert not (tmp_path / ".uploads" / left.id).parent.exists()
    assert [await content(port, each.id) for each in (left, kept, young)] == [None, DATA, DATA]


async def test_a_folder_that_can_t_be_written(tmp_path: Path) -> None:
    (tmp_path / ".uploads").write_bytes(b"in the way")
    with pytest.raises(UpstreamUnavailable):
        await FolderDocuments("documents", tmp_path).put(described(), parts())


async def test_a_long_name_in_a_folder(tmp_path: Path) -> None:
    port = FolderDocuments("documents", tmp_path)
    record = await port.put(described(file_name="ł" * 150 + ".pdf"), parts())
    assert record.file_name == "ł" * 98 + ".pdf"
    assert await content(port, record.id) == DATA


async def test_each_part_of_an_upload_has_the_timeout_anew() -> None:
    """Six parts of 0.3 s each pass a timeout of 1 s; a store that says nothing in the end does not."""
    taken: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.append(await reader.readuntil(b"\r\n\r\n"))
        taken.append(await reader.readexactly(6))
        await reader.read()
        writer.close()

    async def slow() -> AsyncIterator[bytes]:
        for _ in range(6):
            await asyncio.sleep(0.3)
            yield b"x"

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}", timeout=1)
        with pytest.raises(UpstreamTimeout):
            await RestDocuments(http).put(described(b"xxxxxx"), slow())
        await http.close()
    assert taken[1] == b"xxxxxx"
    head = taken[0].lower()
    assert b"content-length: 6\r\n" in head
    assert b"transfer-encoding" not in head
    assert b"if-none-match: *\r\n" in head


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"id": "other"}', b"\xff"])
async def test_an_answer_that_is_no_record(answer: bytes) -> None:
    async with answering(answer) as url:
        http = UpstreamClient("documents", url)
        with pytest.raises(MalformedAnswer):
            await RestDocuments(http).put(described(b"x"), parts(b"x"))
        await http.close()


async def test_a_store_that_does_not_read_is_not_read_ahead_for() -> None:
    """What waits to be sent lies in the system's buffers, not in our memory; and nobody is left sending."""
    given, closed = 0, False

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given, closed
        try:
            while True:
                given += 1
                yield bytes(1 << 16)
        finally:
            closed = True

    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.Event().wait()

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}", timeout=0.5)
        with pytest.raises(UpstreamTimeout):
            await RestDocuments(http).put(dataless(1 << 40), endless())
        await http.close()
    taken = given
    await asyncio.sleep(0)
    assert (given, closed) == (taken, True)
    assert given < 1000, "64 MB were taken for a store that reads nothing"


def dataless(size: int) -> NewUpload:
    return msgspec.structs.replace(described(b""), size=size)


@pytest.mark.parametrize("whole", [True, False], ids=["a whole answer", "half an answer"])
async def test_a_store_that_refuses_before_it_has_all(whole: bool) -> None:
    """It answers to the head and hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 412 Precondition Failed\r\nContent-Length: 2\r\n\r\n" + b"{}"[: 2 if whole else 1]
        )
        await writer.drain()

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}", timeout=5)
        with pytest.raises(UpstreamError) as caught:
            await RestDocuments(http).put(dataless(10 * len(DATA)), parts(DATA * 10))
        await http.close()
    assert not isinstance(caught.value, UpstreamTimeout | MalformedAnswer)


@pytest.mark.parametrize("error", [OSError(5, "the disk"), ValueError("closed"), TimeoutError("slow")])
async def test_what_the_source_raises_is_told_as_it_is(error: Exception, switched: Sandbox) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield DATA[:100]
        raise error

    http = UpstreamClient("documents", switched.url, api_key="test-key-of-the-sandbox")
    with pytest.raises(type(error)) as caught:
        await RestDocuments(http).put(described(), broken())
    assert caught.value is error
    await http.close()
