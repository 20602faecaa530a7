"""Answers that no S3 server should give, and each failure's type."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from connectors.documents.port import DocumentOwner
from connectors.documents.s3 import S3Documents
from connectors.documents.s3_bucket import Bucket, code_of
from connectors.errors import (
    MalformedAnswer,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.http import UpstreamClient
from tests.connectors.canned import Talk, answering, listening, silence

OWNER = DocumentOwner("invoice", "11", "0010001")
LIST = b"<ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>%s</ListBucketResult>"
CONTENTS = b"<Contents><Key>%s</Key><Size>%s</Size></Contents>"
FOLDER = b"documents/0010001/invoice-11/"
MORE = b"<IsTruncated>true</IsTruncated>"


@asynccontextmanager
async def bucket_at(url: str) -> AsyncIterator[Bucket]:
    http = UpstreamClient("documents", url, timeout=1, reason=code_of)
    yield Bucket(http, "b", access_key_id="a", secret_access_key="s")
    await http.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b"<ListBucketResult>",
        b"<html xmlns='http://www.w3.org/1999/xhtml'><body>Proxy</body></html>",
        LIST % (CONTENTS % (FOLDER + b"a", b"")),
        LIST % (CONTENTS % (FOLDER + b"a", b"many")),
        LIST % (CONTENTS % (FOLDER + b"a", b"1") + CONTENTS % (b"documents/0010003/invoice-11/a", b"1")),
        LIST % MORE,
        LIST % (MORE + b"<NextContinuationToken>again</NextContinuationToken>"),
    ],
    ids=["nothing", "JSON", "cut off", "a page", "no size", "no number", "another's", "no token", "for ever"],
)
async def test_a_list_that_can_t_be_read(answer: bytes) -> None:
    async with answering(answer) as url, bucket_at(url) as bucket:
        with pytest.raises(MalformedAnswer):
            await S3Documents(bucket).documents_by_owner([OWNER])


async def test_a_list_of_a_store_that_encodes_nothing() -> None:
    key = FOLDER + f"2026-11-22.{'0' * 64}.UPO--a%2Bb+c.xml".encode()
    async with answering(LIST % (CONTENTS % (key, b"1"))) as url, bucket_at(url) as bucket:
        (page,) = await S3Documents(bucket).documents_by_owner([OWNER])
    assert [each.file_name for each in page.items] == ["a%2Bb+c.xml"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"503 Slow Down", UpstreamUnavailable),
        (b"429 Slowly", UpstreamUnavailable),
        (b"301 Moved Permanently", UpstreamRejected),
        (b"400 Bad Request", UpstreamRejected),
    ],
)
async def test_every_failure_is_typed(answer: bytes, error: type[UpstreamError]) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % answer)
        await writer.drain()

    await fails(talk, error)


async def test_a_silent_store_is_told() -> None:
    await fails(silence, UpstreamTimeout)


async def fails(talk: Talk, error: type[UpstreamError]) -> None:
    async with listening(talk) as number, bucket_at(f"http://127.0.0.1:{number}") as bucket:
        port = S3Documents(bucket)
        with pytest.raises(error):
            await port.documents_by_owner([OWNER])
        with pytest.raises(error):
            async with port.open(f"0010001/invoice-11/2026-11-22.{'0' * 64}.UPO--a.xml"):
                pass


async def test_a_copy_that_fails_after_its_status() -> None:
    async with answering(b"<Error><Code>InternalError</Code></Error>") as url, bucket_at(url) as bucket:
        with pytest.raises(UpstreamUnavailable):
            await bucket.copy("uploads/a", '"tag"', "documents/a")


async def test_who_stops_waiting_hangs_up() -> None:
    """A list whose asker is gone is let go of, with all the calls that it takes."""
    asked = gone = 0
    all_asked, all_gone = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked, gone
        del writer
        await reader.readuntil(b"\r\n\r\n")
        asked += 1
        if asked == 3:
            all_asked.set()
        await reader.read()
        gone += 1
        if gone == 3:
            all_gone.set()

    async with listening(talk) as number:
        http = UpstreamClient("documents", f"http://127.0.0.1:{number}", timeout=60, reason=code_of)
        port = S3Documents(Bucket(http, "b", access_key_id="a", secret_access_key="s"))
        owners = [DocumentOwner("invoice", str(each), "0010001") for each in range(3)]
        task = asyncio.create_task(port.documents_by_owner(owners))
        async with asyncio.timeout(20):
            await all_asked.wait()
            task.cancel()
            await all_gone.wait()
        with pytest.raises(asyncio.CancelledError):
            await task
        await http.close()
