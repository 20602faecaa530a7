"""The bytes of a document, as a stream: what a folder can suffer, and stores that fail."""

import asyncio
import os
import re
from contextlib import aclosing
from pathlib import Path

import pytest

from connectors.documents.content import ByteRange
from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentPort
from connectors.documents.rest import RestDocuments
from connectors.errors import (
    MalformedAnswer,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.http import UpstreamClient
from tests.connectors.canned import listening


async def read(port: DocumentPort, key: str, part: ByteRange | None = None) -> bytes | None:
    async with port.open(key, part) as content:
        if content is None:
            return None
        assert content.part == part
        return b"".join([chunk async for chunk in content.chunks])


async def test_a_pipe_and_a_folder_are_no_documents(tmp_path: Path) -> None:
    (tmp_path / "1" / "invoice-1" / "folder").mkdir(parents=True)
    os.mkfifo(tmp_path / "1" / "invoice-1" / "pipe")
    port = FolderDocuments("documents", tmp_path)
    async with asyncio.timeout(5):
        assert await read(port, "1/invoice-1/pipe") is None
        assert await read(port, "1/invoice-1/folder") is None


async def test_a_file_that_shrinks_meanwhile_breaks_off(tmp_path: Path) -> None:
    file = tmp_path / "1" / "invoice-1" / "a"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(2_000_000))
    async with FolderDocuments("documents", tmp_path).open("1/invoice-1/a") as content:
        assert content is not None
        async with aclosing(content.chunks) as chunks:  # type: ignore[type-var]
            assert await anext(chunks)
            os.truncate(file, 1000)
            with pytest.raises(UpstreamUnavailable):
                async for _ in chunks:
                    pass


HEAD = b"HTTP/1.1 %s\r\n%s\r\n\r\n"


@pytest.mark.parametrize(
    ("status", "head", "body", "error"),
    [
        (b"200 OK", b"Content-Length: 10", b"12345", UpstreamUnavailable),
        (b"200 OK", b"Transfer-Encoding: chunked", b"2\r\nab\r\n0\r\n\r\n", MalformedAnswer),
        (b"200 OK", b"Content-Length: 2\r\nContent-Encoding: gzip", b"ab", MalformedAnswer),
        (b"206 Partial Content", b"Content-Length: 2\r\nContent-Range: bytes 0-1/9", b"ab", MalformedAnswer),
        (b"403 Forbidden", b"Content-Length: 0", b"", UpstreamRejected),
        (b"500 Oh no", b"Content-Length: 0", b"", UpstreamUnavailable),
        (b"429 Slowly", b"Content-Length: 0", b"", UpstreamUnavailable),
        (b"302 Found", b"Location: http://127.0.0.1:1/\r\nContent-Length: 0", b"", UpstreamRejected),
    ],
    ids=["breaks off", "no length", "coded", "a part unasked", "refused", "fails", "busy", "elsewhere"],
)
async def test_every_failure_is_typed(
    status: bytes, head: bytes, body: bytes, error: type[UpstreamError]
) -> None:
    await refused(HEAD % (status, head) + body, None, error)


@pytest.mark.parametrize(
    "answer",
    [
        HEAD % (b"200 OK", b"Content-Length: 3") + b"abc",
        HEAD % (b"206 Partial Content", b"Content-Length: 3\r\nContent-Range: bytes 0-2/9") + b"abc",
        HEAD % (b"206 Partial Content", b"Content-Length: 3") + b"abc",
        HEAD % (b"206 Partial Content", b"Content-Length: 4\r\nContent-Range: bytes 2-4/9") + b"abcd",
    ],
    ids=["whole", "another part", "which part", "more"],
)
async def test_another_part_than_was_asked_for(answer: bytes) -> None:
    await refused(answer, ByteRange(2, 5), MalformedAnswer)


async def refused(answer: bytes, part: ByteRange | None, error: type[UpstreamError]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}")
        with pytest.raises(error):
            await read(RestDocuments(http), "P1", part)
        await http.close()


async def test_each_part_has_the_timeout_anew() -> None:
    """Six parts of 0.2 s each pass a timeout of 0.5 s; silence does not."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD % (b"200 OK", b"Content-Length: 6"))
        for _ in range(6 if b"/slow " in head else 3):
            await asyncio.sleep(0.2)
            writer.write(b"x")
            await writer.drain()
        await reader.read()

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}", timeout=0.5)
        documents = RestDocuments(http)
        assert await read(documents, "slow") == b"xxxxxx"
        with pytest.raises(UpstreamTimeout):
            await read(documents, "silent")
        await http.close()


async def test_who_stops_reading_hangs_up() -> None:
    gone = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD % (b"200 OK", b"Content-Length: 1000000000") + bytes(1000))
        try:
            assert await reader.read() == b""
        finally:
            gone.set()

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}")
        async with RestDocuments(http).open("P1") as content:
            assert content is not None
            assert await anext(content.chunks)
            assert not gone.is_set()
        async with asyncio.timeout(5):
            await gone.wait()
        await http.close()


async def test_ids_are_sent_as_one_segment() -> None:
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(HEAD % (b"404 Not Found", b"Content-Length: 0"))
        await writer.drain()

    async with listening(talk) as port:
        http = UpstreamClient("documents", f"http://127.0.0.1:{port}")
        assert await read(RestDocuments(http), "a/../b?c#d") is None
        await http.close()
    assert re.match(rb"GET /documents/v1/content/a%2F\.\.%2Fb%3Fc%23d HTTP", asked[0])
