"""uvicorn's side of an HTTP connection, with bounds on the size of a head and the number of connections."""

import asyncio
import math
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from gateway.uploads.endpoint import PATH as UPLOADS

MOST_HEAD = 64 * 1024
"""Bytes of a head beyond those that came with the first read of it, some 256 kB at most."""


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


class BoundedHttp(HttpToolsProtocol):
    """Answers 431 (RFC 6585, 5) and hangs up: the parser would collect a head of any size from anybody.

    Says what it waits for, so that somebody can hang up on who lets it wait (`gateway.connection_watch`).
    """

    server_state: Connections
    resumed = 0
    """How often a client that took its answer slowly had taken nearly all of it."""
    _in_head = False
    _head = 0
    _overtaken: tuple[RequestResponseCycle, ...] = ()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        if self.server_state.are_too_many:
            self.server_state.refused += 1
            transport.abort()

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
            self._overtaken = (*(each for each in self._overtaken if not each.response_complete), before)

    @property
    def awaited(self) -> object | None:
        """What the client is to send, the same object as long as it is the same.

        None when it is our turn, and for what has a bound of its own: a file, the rest between two requests.
        """
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            # A head, the first byte of one, or the end of a body that nobody wanted
            return (self.scope or self) if self.timeout_keep_alive_task is None else None
        ours = self.pipeline or cycle.response_started or not cycle.more_body or self.flow.read_paused
        return None if ours or cycle.scope["path"] == UPLOADS else cycle

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
