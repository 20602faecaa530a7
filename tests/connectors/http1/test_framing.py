"""Where an answer ends, and which are none."""

import gzip
import zlib

import pytest

from connectors.errors import MalformedAnswer, UpstreamError, UpstreamRejected, UpstreamUnavailable
from connectors.http1.connection import LARGEST_HEAD, MOST_HEADERS
from tests.connectors.http1.wire import OK, Say, asking, saying, then_hang_up, whole

CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = b'{"results": []}' * 9
RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(BODY) + RAW.flush()


def packed(how: bytes, data: bytes) -> bytes:
    return whole(data, b"Content-Encoding: %b\r\n" % how)


KEPT: dict[str, tuple[bytes, bytes]] = {
    "a length": (whole(BODY), BODY),
    "nothing": (whole(b""), b""),
    "chunks": (CHUNKED + b"3\r\nabc\r\n02\r\nde\r\n0\r\n\r\n", b"abcde"),
    "no chunk": (CHUNKED + b"0\r\n\r\n", b""),
    "very many chunks": (CHUNKED + b"1\r\na\r\n" * 5000 + b"0\r\n\r\n", b"a" * 5000),
    "extensions, trailers": (
        CHUNKED + b"3;a=b\r\nabc\r\n0;c\r\nContent-Encoding: gzip\r\nX: y\r\n\r\n",
        b"abc",
    ),
    "in capitals": (OK + b"TRANSFER-ENCODING: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", b"a"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "interim": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n" + whole(BODY), BODY),
    "an interim length": (b"HTTP/1.1 102 P\r\nContent-Length: 5\r\n\r\n" + whole(BODY), BODY),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", b"a"),
    "1.0 that stays": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na", b"a"),
    "gzip": (packed(b"gzip", gzip.compress(BODY)), BODY),
    "x-gzip": (packed(b"X-GZIP", gzip.compress(BODY)), BODY),
    "several members": (packed(b"gzip", gzip.compress(BODY) + gzip.compress(b"more")), BODY + b"more"),
    "deflate": (packed(b"deflate", zlib.compress(BODY)), BODY),
    "raw deflate": (packed(b"deflate", DEFLATED), BODY),
    "gzip in chunks": (
        OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"".join(b"1\r\n%c\r\n" % each for each in gzip.compress(BODY)) + b"0\r\n\r\n",
        BODY,
    ),
    "packed nothing": (packed(b"gzip", b""), b""),
    "identity": (packed(b"identity", BODY), BODY),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
async def test_an_answer_ends_where_it_says_and_another_may_follow(name: str) -> None:
    answer, body = KEPT[name]
    async with saying(answer) as wire, asking(wire) as client:
        assert [await client.post("/a", b"1"), await client.post("/b", b"2")] == [body, body]
        assert wire.connections == 1


LAST: dict[str, tuple[Say, bytes]] = {
    "it says so": (whole(BODY, b"Connection: close\r\n"), BODY),
    "1.0": (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", b"a"),
    "until it hangs up": (then_hang_up(OK + b"\r\n" + BODY), BODY),
    "1.0 until it hangs up": (then_hang_up(b"HTTP/1.0 200 OK\r\n\r\n" + BODY), BODY),
    "packed until it hangs up": (
        then_hang_up(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY)),
        BODY,
    ),
    "more than it said": (whole(b"abc") + b"d", b"abc"),
    "another answer behind": (whole(b"abc") + whole(b"def"), b"abc"),
    "a body that can't be": (b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc", b""),
}


@pytest.mark.parametrize("name", LAST)
async def test_an_answer_after_which_the_connection_is_closed(name: str) -> None:
    answer, body = LAST[name]
    async with saying(answer, whole(b"another")) as wire, asking(wire) as client:
        assert [await client.post("/a", b"1"), await client.post("/b", b"2")] == [body, b"another"]
        assert [number for number, _ in wire.requests] == [1, 2]
        await wire.until(lambda: wire.open == 1)


NO_HTTP: dict[str, Say] = {
    "no HTTP": b"\x16\x03\x01 what?\r\n\r\n",
    "another protocol": b"RTSP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/2": b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/0.9": b"HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n",
    "a line before": b"\r\n" + whole(b""),
    "no status": b"HTTP/1.1 099 Hm\r\nContent-Length: 0\r\n\r\n",
    "less than it said": then_hang_up(OK + b"Content-Length: 100\r\n\r\n{}"),
    "half a head": then_hang_up(OK + b"Content-Le"),
    "nothing": then_hang_up(b""),
    "interim only": then_hang_up(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "half a chunk": then_hang_up(CHUNKED + b"5\r\nabc"),
    "no last chunk": then_hang_up(CHUNKED + b"3\r\nabc\r\n"),
    "half the trailers": then_hang_up(CHUNKED + b"0\r\nX: y\r\n"),
    "broken chunks": CHUNKED + b"zz\r\n{}",
    "a chunk too long": CHUNKED + b"1\r\nab\r\n0\r\n\r\n",
    "negative chunks": CHUNKED + b"-1\r\na\r\n0\r\n\r\n",
    "bare line feeds": CHUNKED + b"1\na\n0\n\n",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "the same length twice": OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": OK + b"Content-Length: 2, 2\r\n\r\n{}",
    "a signed length": OK + b"Content-Length: +2\r\n\r\n{}",
    "a hexadecimal length": OK + b"Content-Length: 0x2\r\n\r\n{}",
    "a length without end": OK + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
    "length and chunks": OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "a length in the trailers": CHUNKED + b"0\r\nContent-Length: 5\r\n\r\n",
    "packed on the way": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": then_hang_up(OK + b"Transfer-Encoding: xchunked\r\n\r\n{}"),
    "a space before the colon": OK + b"Content-Length : 2\r\n\r\n{}",
    "a folded header": OK + b"X: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
    "a NUL": OK + b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "a bare carriage return": OK + b"X: a\rContent-Length: 2\r\n\r\n{}",
    "too many headers": OK + b"".join(b"X-%d: a\r\n" % n for n in range(MOST_HEADERS + 1)) + b"\r\n",
    "one header too often": OK + b"X: a\r\n" * (MOST_HEADERS + 1) + b"Content-Length: 0\r\n\r\n",
    "headers without end": OK + b"X: aaaa\r\n" * (LARGEST_HEAD // 8),
    "a header without end": OK + b"X: " + b"a" * 2 * LARGEST_HEAD,
    "interim without end": b"HTTP/1.1 100 Continue\r\n\r\n" * (LARGEST_HEAD // 10),
    "trailers without end": CHUNKED + b"0\r\n" + b"X: aaaa\r\n" * (LARGEST_HEAD // 8),
    "an extension without end": CHUNKED + b"1;" + b"a" * 2 * LARGEST_HEAD,
}


@pytest.mark.parametrize("name", NO_HTTP)
async def test_what_is_no_answer_is_a_failure_and_ends_the_connection(name: str) -> None:
    await fails(NO_HTTP[name], UpstreamUnavailable)


UNREADABLE: dict[str, Say] = {
    "no gzip": packed(b"gzip", b"{}"),
    "half a gzip": packed(b"gzip", gzip.compress(BODY)[:-9]),
    "gzip and more": packed(b"gzip", gzip.compress(BODY) + b"{}"),
    "a wrong sum": packed(b"gzip", gzip.compress(BODY)[:-8] + bytes(8)),
    "no deflate": packed(b"deflate", b"\xff\xff"),
    "deflate and more": packed(b"deflate", zlib.compress(BODY) + b"{}"),
    "not asked for": packed(b"br", b"{}"),
    "twice": packed(b"gzip, gzip", gzip.compress(gzip.compress(BODY))),
    "in two headers": packed(b"gzip\r\nContent-Encoding: identity", gzip.compress(BODY)),
    "half of it until it hangs up": then_hang_up(
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY)[:-9]
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_can_t_be_unpacked_is_malformed(name: str) -> None:
    await fails(UNREADABLE[name], MalformedAnswer)


@pytest.mark.parametrize(
    "head", [b"Upgrade: x\r\n", b"Upgrade: x\r\nConnection: upgrade\r\n", b"Content-Length: 2\r\n", b""]
)
async def test_no_other_protocol_is_taken_up(head: bytes) -> None:
    await fails(b"HTTP/1.1 101 Switching Protocols\r\n%b\r\n" % head, UpstreamRejected)


async def fails(said: Say, error: type[UpstreamError]) -> None:
    """It was sent, once, and the next request goes over another connection."""
    async with saying(said, whole(b"another")) as wire, asking(wire) as client:
        with pytest.raises(error) as caught:
            await client.post("/a", b"1")
        assert caught.value.sent
        assert await client.post("/b", b"2") == b"another"
        assert [number for number, _ in wire.requests] == [1, 2]
        await wire.until(lambda: wire.open == 1)
