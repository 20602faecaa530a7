"""Bodies that flow: downloads read part by part, uploads sent so."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from connectors.errors import MalformedAnswer, UpstreamRejected, UpstreamUnavailable
from connectors.http import READ_BUFFER
from tests.connectors.http1.wire import OK, asking, saying, then_hang_up, whole

PART = bytes(range(256)) * 256
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"


async def parts(*given: bytes) -> AsyncIterator[bytes]:
    for each in given:
        await asyncio.sleep(0)
        yield each


async def endless(gone: asyncio.Event) -> AsyncIterator[bytes]:
    try:
        while True:
            await asyncio.sleep(0)
            yield PART
    finally:
        gone.set()


async def test_a_reader_who_waits_makes_the_server_wait() -> None:
    many = 400
    written = 0

    async def large(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(OK + b"Content-Length: %d\r\n\r\n" % (many * len(PART)))
        for _number in range(many):
            writer.write(PART)
            await writer.drain()
            written += 1

    async with saying(large, whole(b"small")) as wire, asking(wire) as client:
        async with client.download("/a", {}) as answer:
            seen = -1
            while seen != written:
                seen = written
                await asyncio.sleep(0.05)
            assert written * len(PART) < READ_BUFFER + 12_000_000, "what is not read is taken in"
            content = b"".join([chunk async for chunk in answer.chunks])
        assert content == PART * many
        assert await client.post("/b", b"") == b"small"
        assert wire.connections == 1


async def test_a_download_is_what_is_on_the_wire() -> None:
    answer = (
        b"HTTP/1.1 206 Part\r\nETag: a\r\nX-Many: 1\r\nx-many: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2\r\nde\r\n0\r\nETag: b\r\n\r\n"
    )
    async with saying(answer) as wire, asking(wire) as client:
        for _ in range(2):
            async with client.download("/a", {"Range": "bytes=0-4"}) as got:
                assert (got.status, got.headers["etag"], got.headers["x-many"]) == (206, "a", "1, 2")
                assert b"".join([chunk async for chunk in got.chunks]) == b"abcde"
        assert wire.connections == 1
        head = wire.requests[0][1].lower()
    assert b"\r\naccept-encoding: identity\r\n" in head
    assert head.count(b"accept-encoding") == 1


async def test_a_download_that_breaks_off_is_no_whole_one() -> None:
    async with saying(then_hang_up(OK + b"Content-Length: 9\r\n\r\nabc")) as wire, asking(wire) as client:
        async with client.download("/a", {}) as answer:
            with pytest.raises(UpstreamUnavailable):
                assert [chunk async for chunk in answer.chunks] == []
        async with client.download("/a", {}) as answer:
            pass
        await wire.until(lambda: wire.open == 0)


async def test_a_packed_download_is_malformed() -> None:
    async with saying(whole(b"abc", b"Content-Encoding: gzip\r\n")) as wire, asking(wire) as client:
        with pytest.raises(MalformedAnswer):
            async with client.download("/a", {}):
                pass


@pytest.mark.parametrize("length", [True, False], ids=["length", "chunks"])
async def test_an_upload(length: bool) -> None:
    bodies: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if length:
            bodies.append(await reader.readexactly(3 * len(PART)))
        else:
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                assert await reader.readline() == b"\r\n"
            assert await reader.readline() == b"\r\n"
            bodies.append(body)
        writer.write(CREATED)

    said = {"Content-Length": str(3 * len(PART))} if length else {}
    async with saying(take) as wire, asking(wire) as client:
        for _ in range(2):
            given = parts(PART, b"", PART[:1], PART[1:], PART)
            assert await client.upload("/a", {"X-Tag": "b", **said}, given) == b"{}"
        assert wire.connections == 1
        head = wire.requests[0][1]
    assert bodies == [PART * 3] * 2
    assert (b"\r\nTransfer-Encoding: chunked\r\n" in head, head.count(b"Content-Length")) == (
        not length,
        int(length),
    )
    assert b"\r\nX-Tag: b\r\n" in head


async def test_an_upload_of_nothing() -> None:
    async with saying(CREATED) as wire, asking(wire) as client:
        assert await client.upload("/a", {"Content-Length": "0"}, parts()) == b"{}"
        assert b"\r\nContent-Length: 0\r\n" in wire.requests[0][1]


@pytest.mark.parametrize("given", [(b"abc", b"def"), (b"abcdef",), (b"abc",), ()], ids=len)
async def test_a_body_that_is_not_as_long_as_was_said(given: tuple[bytes, ...]) -> None:
    """What is too much would be the next request; what is missing would be taken from it."""
    taken = b""

    async def take(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> bool:
        nonlocal taken
        taken = await reader.read()
        return False

    async with saying(take, CREATED) as wire, asking(wire) as client:
        with pytest.raises(ValueError, match="a body of"):
            await client.upload("/a", {"Content-Length": "5"}, parts(*given))
        await wire.until(lambda: wire.open == 0)
        assert len(taken) < 5
        assert await client.upload("/b", {"Content-Length": "1"}, parts(b"x")) == b"{}"


@pytest.mark.parametrize(
    ("status", "error"), [(b"403 No", UpstreamRejected), (b"200 OK", UpstreamUnavailable)], ids=str
)
async def test_an_answer_before_the_body_is_whole(status: bytes, error: type[Exception]) -> None:
    """A refusal is one, and the body is sent no further; that all is well can't be."""
    gone = asyncio.Event()

    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % status)
        while await reader.read(1 << 16):
            pass
        return False

    async with saying(early, whole(b"next")) as wire, asking(wire) as client:
        with pytest.raises(error):
            await client.upload("/a", {"Content-Length": str(1 << 40)}, endless(gone))
        await gone.wait()
        assert await client.post("/b", b"") == b"next"
        assert [number for number, _ in wire.requests] == [1, 2]


async def test_a_source_that_ends_badly_after_its_last_byte() -> None:
    """The server has all of it and says so; what the source found wrong counts."""
    answered = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)
        writer.write(CREATED)
        await writer.drain()
        answered.set()

    async def late() -> AsyncIterator[bytes]:
        yield b"abc"
        await answered.wait()
        for _ in range(5):
            await asyncio.sleep(0)
        raise KeyError("digest")

    async with saying(take) as wire, asking(wire) as client:
        with pytest.raises(KeyError):
            await client.upload("/a", {"Content-Length": "3"}, late())


async def test_who_gives_up_an_upload_takes_the_connection_along() -> None:
    async def take(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> bool:
        while await reader.read(1 << 16):
            pass
        return False

    async with saying(take, whole(b"next")) as wire, asking(wire) as client:
        given = client.upload("/a", {"Content-Length": str(1 << 40)}, endless(asyncio.Event()))
        upload = asyncio.create_task(given)
        await wire.until(lambda: len(wire.requests) == 1)
        upload.cancel()
        with pytest.raises(asyncio.CancelledError):
            await upload
        await wire.until(lambda: wire.open == 0)
        assert await client.post("/b", b"") == b"next"
        assert [number for number, _ in wire.requests] == [1, 2]


async def test_who_gives_up_a_download_before_it_begins_takes_the_connection_along() -> None:
    async with saying(b"HTTP/1.1 ", whole(b"next")) as wire, asking(wire) as client:

        async def read() -> None:
            async with client.download("/a", {}):
                raise AssertionError

        download = asyncio.create_task(read())
        await wire.until(lambda: len(wire.requests) == 1)
        download.cancel()
        with pytest.raises(asyncio.CancelledError):
            await download
        await wire.until(lambda: wire.open == 0)
        assert await client.post("/b", b"") == b"next"
