"""One connection: a request at a time, and its answer as llhttp (by httptools) reads it."""

import asyncio
import select
from collections.abc import Callable

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from connectors.corking import Corked, corked
from connectors.http1.answer import Answer
from connectors.http1.errors import BrokenOff, Http1Error, NotConnected

LARGEST_HEAD = 1 << 16
"""Bytes that may come without one of the body among them: heads, interim answers, chunk headers, trailers."""
MOST_HEADERS = 100
_MANY_PARTS = 64
_CONTINUE, _SWITCHING, _OK, _NO_CONTENT, _NOT_MODIFIED = 100, 101, 200, 204, 304
_HTTP1 = b"HTTP/1."
_VERSIONS = ("1.0", "1.1")


class Connection(asyncio.Protocol):
    """Closed for good at the first thing that is not as it should be: see `rest`."""

    __slots__ = (
        "_alone",
        "_answer",
        "_barren",
        "_headers",
        "_keep_alive",
        "_lines",
        "_parser",
        "_poll",
        "_request",
        "_transport",
        "_until_the_end",
        "_writable",
        "closed",
        "idle_since",
        "loop",
        "reading_paused",
        "sending",
    )

    _transport: Corked

    def __init__(self, loop: asyncio.AbstractEventLoop, alone: Callable[[], bool]) -> None:
        """`alone`: see `corked`."""
        self.loop = loop
        """Kept: to ask for the running one is a system call before Python 3.12."""
        self._alone = alone
        self._parser = HttpResponseParser(self)
        self._poll = select.poll()
        self._answer: Answer | None = None
        self._request = b""
        self._headers: dict[bytes, bytes] | None = None
        """Of the head that is being read; None outside of one."""
        self._lines = 0
        """How many of them have come."""
        self._barren = 0
        self._keep_alive = False
        self._until_the_end = False
        """Whether the body is what comes until the server hangs up."""
        self._writable: asyncio.Future[None] | None = None
        """Done when the transport takes more; None while it does."""
        self.closed = False
        self.reading_paused = False
        self.sending = False
        """Whether more of the request is to come."""
        self.idle_since = 0.0

    # What whoever has it does.

    def ask(self, request: bytes, most: int, *, streamed: bool = False, flows: bool = False) -> Answer:
        """Sends a request, of which more comes by `write` where it `flows`. Its answer is on its way."""
        if self._answer is not None or self.closed:
            raise RuntimeError("a connection has one request at a time")
        answer = self._answer = Answer(self, most, streamed=streamed)
        self._barren = 0
        self._keep_alive = self._until_the_end = False
        self.sending = flows
        self._request = request
        self._transport.write(request)
        if flows:
            self._transport.flush()
        return answer

    async def write(self, data: bytes) -> None:
        """More of the request; waits while the server doesn't take what is there. Raises BrokenOff."""
        if self._writable is not None:
            await self._writable
        if self.closed:
            raise BrokenOff("hung up")
        self._transport.write(data)

    def rest(self) -> bool:
        """Nobody wants more of the answer. Whether another request may follow it; else it is closed."""
        answer = self._answer
        if (
            answer is not None
            and answer.complete
            and self._keep_alive
            and not self.sending
            and not self.closed
            and not self._transport.get_write_buffer_size()
        ):
            self._answer = None
            if self.reading_paused:
                self._resume()
            return True
        self.abort()
        self._answer = None
        return False

    def is_quiet(self) -> bool:
        """Whether it is open, and the server has neither spoken unasked nor hung up.

        The event loop may not have come to read that yet, so that the socket itself is asked.
        """
        return not (self.closed or self._poll.poll(0))

    def read_on(self) -> None:
        """There is room again."""
        if not self.closed:
            self._resume()

    def abort(self) -> None:
        """Closes it at once."""
        if not self.closed:
            self._close(BrokenOff("closed"))
            self._transport.abort()

    # What the event loop does.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = corked(transport, self.loop, self._alone)
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._ended(exc)
        del self._parser  # which holds this, whose methods it calls

    def eof_received(self) -> None:
        """See asyncio.Protocol; the transport closes itself."""
        self._ended(None)

    def pause_writing(self) -> None:
        """See asyncio.Protocol."""
        self._writable = self.loop.create_future()

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        answer = self._answer
        if answer is None or answer.complete or self.closed or self._is_unsent():
            self.abort()  # nobody has asked for that
            return
        if not (self._barren or answer.begun or data.startswith(_HTTP1) or _HTTP1.startswith(data)):
            self._fail(BrokenOff("not HTTP/1"))
            return
        parts, before = answer.parts, len(answer.parts)
        self._barren += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            # Behind an answer that is complete it is too much, and no more.
            cause = error.__context__
            self._fail(cause if isinstance(cause, Http1Error) else _broken("not HTTP/1.1", error))
            return
        if self._barren > LARGEST_HEAD and not answer.complete:
            self._fail(BrokenOff(f"more than {LARGEST_HEAD} bytes without a body"))
        elif answer.streamed:
            answer.wake()
        if len(parts) > before + _MANY_PARTS:
            parts[before:] = [b"".join(parts[before:])]

    # What the parser does. An error raised here ends the parsing.

    def on_message_begin(self) -> None:
        """A head begins."""
        answer = self._answer
        if answer is None or answer.complete:
            raise BrokenOff("an answer behind the answer")
        self._headers = {}
        self._lines = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of a head, or a trailer, which nobody reads."""
        headers = self._headers
        if headers is not None:
            self._lines += 1
            if self._lines > MOST_HEADERS:
                raise BrokenOff(f"more than {MOST_HEADERS} headers")
            name = name.lower()
            headers[name] = headers[name] + b", " + value if name in headers else value

    def on_headers_complete(self) -> None:
        """A head ends."""
        parser, answer, headers = self._parser, self._answer, self._headers
        self._headers = None
        status = parser.get_status_code()
        if status < _OK and status != _SWITCHING:
            if status < _CONTINUE:
                raise BrokenOff("no status")
            return  # an interim answer
        if headers is None or answer is None:
            raise BrokenOff("a head that nobody waits for")
        coding = headers.get(b"transfer-encoding")
        if coding is not None and coding.lower() != b"chunked":
            raise BrokenOff("a transfer coding that nobody asked for")
        self._keep_alive = status != _SWITCHING and parser.should_keep_alive()
        if not self._keep_alive:
            if parser.get_http_version() not in _VERSIONS:
                raise BrokenOff("not HTTP/1")
            bodiless = status in (_SWITCHING, _NO_CONTENT, _NOT_MODIFIED)
            self._until_the_end = not bodiless and coding is None and b"content-length" not in headers
        answer.begin(status, headers)

    def on_body(self, data: bytes) -> None:
        """A part of a body."""
        self._barren = 0
        answer = self._answer
        if answer is not None and answer.take(data) and not self.reading_paused:
            self.reading_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """An answer ends, maybe an interim one."""
        answer = self._answer
        if answer is not None and answer.begun:
            answer.end()

    def _ended(self, cause: Exception | None) -> None:
        """The server has hung up."""
        answer = self._answer
        if cause is None and self._until_the_end and answer is not None and not self.closed:
            try:
                answer.end()
            except Http1Error as error:
                answer.fail(error)
        self._close(_broken("hung up", cause))

    def _fail(self, error: Http1Error) -> None:
        if self._answer is not None:
            self._answer.fail(error)
        self.abort()

    def _close(self, error: Http1Error) -> None:
        if not self.closed and self._is_unsent():
            self._transport.drop()
            error = NotConnected(f"{error}, before the request was sent")
        self.closed = True
        if self._answer is not None:
            self._answer.fail(error)
        self.resume_writing()

    def _is_unsent(self) -> bool:
        """Whether all of the request waits for the turn of the event loop."""
        unsent = self._transport.unsent
        return bool(unsent) and unsent[0] is self._request

    def _resume(self) -> None:
        if self.reading_paused:
            self.reading_paused = False
            self._transport.resume_reading()


def _broken(why: str, cause: Exception | None) -> BrokenOff:
    error = BrokenOff(why if cause is None else f"{why}: {cause!r}")
    error.__cause__ = cause
    return error
