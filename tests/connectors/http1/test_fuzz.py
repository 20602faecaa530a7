"""Answers cut anywhere, and answers that are none: a connection without a network, fed byte strings."""

import asyncio
import gzip
import re
import socket
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.http1.answer import Answer
from connectors.http1.connection import Connection
from connectors.http1.errors import BrokenOff, Http1Error, NotConnected

MOST = 1000
TOKEN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_!", min_size=1, max_size=12)
VALUE = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)
FRAMING = re.compile(r"(?i)content-length|transfer-encoding|content-encoding|connection|upgrade")
HEADERS = st.lists(st.tuples(TOKEN.filter(lambda name: not FRAMING.fullmatch(name)), VALUE), max_size=5)
BODY = st.binary(max_size=120)


class Wire(NamedTuple):
    """What all connections have in common."""

    socket: socket.socket
    loop: asyncio.AbstractEventLoop

    def turn(self) -> None:
        """What is to be sent leaves."""
        self.loop.run_until_complete(asyncio.sleep(0))


class Transport:
    """Takes what is sent, and says nothing."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire.socket
        self.paused = False
        self.unsent = 0

    def get_extra_info(self, name: str) -> Any:
        return self._wire if name == "socket" else None

    def is_closing(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        """Sent at once."""

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def abort(self) -> None:
        """Nothing comes any more."""


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    here, there = socket.socketpair()
    with here, there, asyncio.Runner() as runner:
        yield Wire(here, runner.get_loop())


class Outcome(NamedTuple):
    """`kept` is whether another request may follow."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes
    kept: bool
    error: type[Http1Error] | None


def heard(wire: Wire, parts: Sequence[bytes], *, hung_up: bool = False) -> Outcome | None:
    """What comes of an answer in these parts; None where it isn't over."""
    connection = Connection(wire.loop, lambda: False)
    connection.connection_made(Transport(wire))  # type: ignore[arg-type]
    answer = connection.ask(b"", MOST)
    wire.turn()
    for part in parts:
        connection.data_received(part)
        if connection.closed:
            break
    if hung_up and not connection.closed:
        connection.connection_lost(None)
    if not answer.complete and answer.error is None:
        return None
    return _outcome(connection, answer)


def _outcome(connection: Connection, answer: Answer) -> Outcome:
    if answer.error is not None:
        assert not connection.rest()
        return Outcome(0, {}, b"", False, type(answer.error))
    return Outcome(answer.status, answer.headers, answer.body(), connection.rest(), None)


@st.composite
def good(draw: st.DrawFn) -> tuple[bytes, int, bytes, bool]:
    """An answer as a server may send it, with status, body, and whether the connection is kept."""
    status = draw(st.sampled_from([200, 201, 404, 412, 500, 503]))
    body = draw(BODY)
    lines = [f"{name}:{draw(st.sampled_from(['', ' ', '  ']))}{value}" for name, value in draw(HEADERS)]
    sent = body
    if draw(st.booleans()):
        sent = gzip.compress(body)
        lines.append("Content-Encoding: gzip")
    close = draw(st.booleans())
    if close:
        lines.append("Connection: close")
    if draw(st.booleans()):
        lines.append(f"Content-Length: {len(sent)}")
    else:
        lines.append("Transfer-Encoding: chunked")
        chunks, rest = b"", sent
        while rest:
            size = draw(st.integers(1, len(rest)))
            chunks += b"%x\r\n%b\r\n" % (size, rest[:size])
            rest = rest[size:]
        sent = chunks + b"0\r\n" + draw(st.sampled_from([b"", b"X-Trailer: y\r\n"])) + b"\r\n"
    lines = draw(st.permutations(lines))
    interim = draw(
        st.sampled_from([b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 E\r\nLink: a\r\n\r\n"])
    )
    head = f"HTTP/1.1 {status} Reason\r\n" + "".join(f"{line}\r\n" for line in lines) + "\r\n"
    return interim + head.encode() + sent, status, body, not close


def cut(chance: st.DataObject, data: bytes) -> list[bytes]:
    """Somewhere, a few times or at each byte."""
    if chance.draw(st.booleans()):
        return [data[at : at + 1] for at in range(len(data))]
    places = sorted(chance.draw(st.lists(st.integers(0, len(data)), max_size=6)))
    return [data[at:to] for at, to in zip([0, *places], [*places, len(data)], strict=True) if at < to]


@settings(max_examples=80, deadline=None)
@given(answer=good(), data=st.data())
def test_an_answer_is_the_same_however_it_is_cut(
    wire: Wire, answer: tuple[bytes, int, bytes, bool], data: st.DataObject
) -> None:
    sent, status, body, kept = answer
    parts = cut(data, sent)
    outcome = heard(wire, parts)
    assert outcome is not None
    assert (outcome.status, outcome.body, outcome.kept, outcome.error) == (status, body, kept, None)
    assert outcome == heard(wire, [sent])
    short = heard(wire, cut(data, sent[: data.draw(st.integers(0, len(sent) - 1))]), hung_up=True)
    assert short is not None
    assert short.error is not None, "a part of it is none"


@settings(max_examples=80, deadline=None)
@given(sent=st.binary(max_size=300), data=st.data())
def test_garbage_is_no_answer(wire: Wire, sent: bytes, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n"]))
    outcome = heard(wire, cut(data, start + sent), hung_up=True)
    assert outcome is not None, "whoever asked waits for ever"
    assert not outcome.kept
    if outcome.error is None:  # a head by chance, and a body until the end
        assert (start + sent).endswith(b"\r\n\r\n" + outcome.body)


@settings(max_examples=120, deadline=None)
@given(answer=good(), data=st.data())
def test_what_is_almost_an_answer_is_one_or_none(
    wire: Wire, answer: tuple[bytes, int, bytes, bool], data: st.DataObject
) -> None:
    """Where the connection is kept it is because the bytes were one answer, as a stricter reader has it."""
    sent = bytearray(answer[0])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(sent)))
        match data.draw(st.sampled_from(["drop", "insert", "change", "repeat"])):
            case "drop":
                del sent[at : at + data.draw(st.integers(1, 20))]
            case "insert":
                sent[at:at] = data.draw(
                    st.sampled_from([b"\r\n", b"0", b"\n", b"\0", b":", b" ", b"HTTP/1.1 200 OK\r\n"])
                )
            case "change":
                sent[at : at + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "repeat":
                sent += sent[at:]
    outcome = heard(wire, cut(data, bytes(sent)))
    if outcome is None:
        ended = heard(wire, [bytes(sent)], hung_up=True)
        assert ended is not None
        assert not ended.kept
    elif outcome.kept:
        read = strictly(bytes(sent))
        assert read is not None
        assert read == (outcome.status, outcome.body)


def strictly(data: bytes) -> tuple[int, bytes] | None:
    """Status and body of one answer, interim ones before it, and nothing behind it but line ends."""
    while True:
        head, found, rest = data.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        status = int(re.fullmatch(rb"HTTP/1\.[01] (\d{3})( .*)?", first, re.DOTALL)[1])  # type: ignore[index]
        if status >= 200:
            break
        data = rest.lstrip(b"\r\n")
    assert found
    headers: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        assert colon
        name = name.lower()
        assert not (name in headers and FRAMING.fullmatch(name.decode("latin-1")))
        headers[name] = value.strip()
    body = b""
    if headers.get(b"transfer-encoding"):
        assert headers[b"transfer-encoding"].lower() == b"chunked"
        assert b"content-length" not in headers
        while True:
            size, found, rest = rest.partition(b"\r\n")
            length = int(re.fullmatch(rb"([0-9A-Fa-f]+)(;.*)?", size, re.DOTALL)[1], 16)  # type: ignore[index]
            if not length:
                break
            body, rest = body + rest[:length], rest[length:]
            assert rest.startswith(b"\r\n")
            rest = rest[2:]
        while not rest.startswith(b"\r\n"):
            trailer, found, rest = rest.partition(b"\r\n")
            assert found
            assert b":" in trailer
        rest = rest[2:]
    elif status not in (204, 304):
        length = int(headers[b"content-length"])
        body, rest = rest[:length], rest[length:]
        assert len(body) == length
    assert not rest.strip(b"\r\n"), "something lies behind it"
    if headers.get(b"content-encoding", b"identity").lower() in (b"gzip", b"x-gzip"):
        body = gzip.decompress(body)
    return status, body


def test_parts_of_any_number_cost_what_their_bytes_cost(wire: Wire) -> None:
    """A chunk of one byte is no part of its own."""
    connection = Connection(wire.loop, lambda: False)
    connection.connection_made(Transport(wire))  # type: ignore[arg-type]
    answer = connection.ask(b"", 1 << 20)
    wire.turn()
    connection.data_received(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"2\r\nab\r\n" * 9000)
    assert len(answer.parts) < 100
    connection.data_received(b"0\r\n\r\n")
    assert answer.body() == b"ab" * 9000
    assert connection.rest()


def test_another_version_is_none_though_it_comes_in_parts(wire: Wire) -> None:
    outcome = heard(wire, [b"HTTP/", b"2.0 200 OK\r\nContent-Length: 0\r\n\r\n"])
    assert outcome is not None
    assert outcome.error is BrokenOff


def test_who_waited_for_its_reader_is_read_again(wire: Wire) -> None:
    """And where something of the request is unsent, no other may follow."""
    for unsent in (0, 1):
        connection, transport = Connection(wire.loop, lambda: False), Transport(wire)
        connection.connection_made(transport)  # type: ignore[arg-type]
        answer = connection.ask(b"", 10, streamed=True)
        wire.turn()
        connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + bytes(20))
        assert (answer.complete, transport.paused) == (True, True)
        transport.unsent = unsent
        assert (connection.rest(), transport.paused) == (not unsent, bool(unsent))


def test_an_answer_that_was_there_before_the_request_is_none(wire: Wire) -> None:
    """It may be meant for somebody else. The request is never sent, so that it may be made elsewhere."""
    connection = Connection(wire.loop, lambda: False)
    connection.connection_made(Transport(wire))  # type: ignore[arg-type]
    answer = connection.ask(b"GET / HTTP/1.1\r\n\r\n", MOST)
    connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")
    assert connection.closed
    assert (answer.complete, type(answer.error)) == (False, NotConnected)
    assert not connection.rest()
