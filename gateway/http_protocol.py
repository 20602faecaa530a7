"""uvicorn's side of an HTTP connection, with a bound on a request's head."""

import asyncio
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from connectors.corking import corked

MOST_HEAD = 64 * 1024
"""Bytes of a head beyond those that came with the first read of it, some 256 kB at most."""
_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 27\r\n\r\nThe headers are too large.\n"
)


class BoundedHeads(HttpToolsProtocol):
    """Answers 431 (RFC 6585, 5) and hangs up: the parser would collect a head of any size from anybody."""

    _in_head = False
    _head = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        super().connection_made(corked(transport, self.loop, partial(_are_few, self.tasks)))  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > MOST_HEAD:
            self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head ends."""
        self._in_head = False
        super().on_headers_complete()


def _are_few(tasks: set[asyncio.Task[Any]]) -> bool:
    """Whether no more than one request is being answered. A method would keep the connection."""
    return len(tasks) < 2
