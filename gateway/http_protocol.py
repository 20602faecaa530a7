"""uvicorn's side of a connection, with bounds on what a client may send that nobody has asked for yet."""

import asyncio
import math
import resource
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from connectors.corking import corked
from gateway.uploads.endpoint import PATH as UPLOADS

MOST_HEAD = 64 * 1024
"""Bytes of a head beyond those that came with the first read of it, some 256 kB at most."""

MOST_PIPELINED = 100
"""Requests that wait for the answers before theirs: a read may bring thousands, of 1 kB each in memory."""


def _last_word(status: str, text: str) -> bytes:
    head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
    return f"{head}content-length: {len(text)}\r\n\r\n{text}".encode()


_TOO_LARGE = _last_word("431 Request Header Fields Too Large", "The headers are too large.\n")
_TOO_LATE = _last_word("408 Request Timeout", "The request did not come in time.\n")


class Connections(ServerState):
    """uvicorn's, which may have a share of the process's file descriptors: the gateway needs some itself."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.refused = 0
        self._share = share

    @property
    def are_too_many(self) -> bool:
        """Whether the newest one is to be refused."""
        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return len(self.connections) > (math.inf if most == resource.RLIM_INFINITY else most * self._share)


class _TooMany(Exception):
    """Ends the parser's work."""


class BoundedHttp(HttpToolsProtocol):
    """Answers 431 (RFC 6585, 5) and hangs up: the parser would collect a head of any size from anybody.

    It hangs up without a word on those who come when there are too many, and on too many requests at once.
    Says what it waits for, so that somebody can hang up on who lets it wait (`gateway.connection_watch`).
    """

    server_state: Connections
    resumed = 0
    """How often a client that took its answer slowly had taken nearly all of it."""
    _in_head = False
    _head = 0
    _overtaken: tuple[RequestResponseCycle, ...] = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        super().connection_made(corked(transport, self.loop, partial(_are_few, self.tasks)))  # type: ignore[arg-type]
        if self.server_state.are_too_many:
            self.server_state.refused += 1
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol. uvicorn tells the last request only, which may wait for its turn yet."""
        for each in self._overtaken:
            each.disconnected = True
            each.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > MOST_HEAD:
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        self.resumed += 1
        super().resume_writing()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head ends."""
        self._in_head = False
        before = self.cycle
        super().on_headers_complete()
        if self.pipeline:
            if len(self.pipeline) > MOST_PIPELINED:
                raise _TooMany
            self._overtaken = (*(each for each in self._overtaken if not each.response_complete), before)

    def send_400_response(self, msg: str) -> None:
        """For what is no request. Not where it would stand in the place of another answer, or within it."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or self._waits_for_body():
            super().send_400_response(msg)
        else:
            self.transport.abort()

    @property
    def awaited(self) -> object | None:
        """What the client is to send, the same object as long as it is the same.

        None when it is our turn, and for what has a bound of its own: a file, the rest between two requests.
        """
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            # A head, the first byte of one, or the end of a body that nobody wanted
            return (self.scope or self) if self.timeout_keep_alive_task is None else None
        waiting = self._waits_for_body() and not self.flow.read_paused and cycle.scope["path"] != UPLOADS
        return cycle if waiting else None

    def _waits_for_body(self) -> bool:
        """Of a request that nobody answers yet."""
        return self.cycle.more_body and not self.cycle.response_started and not self.pipeline

    @property
    def is_asked(self) -> bool:
        """Whether a request has begun that isn't answered."""
        return self._in_head or (self.cycle is not None and not self.cycle.response_complete)

    def give_up(self) -> None:
        """Hangs up on a client that is waited for. Whoever reads its request is told that it is gone."""
        if self.is_asked:
            self.transport.write(_TOO_LATE)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()


def _are_few(tasks: set[asyncio.Task[Any]]) -> bool:
    """Whether no more than one request is being answered. A method would keep the connection."""
    return len(tasks) < 2


class BoundedSocket(WebSocketsSansIOProtocol):
    """Leaves pings unanswered whose client takes no answers: they would pile up (RFC 6455, 5.5.3)."""

    def handle_ping(self) -> None:
        """A ping has come."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()
