"""One look from time to time at all connections, and the end of those whose clients keep the gateway waiting.

A timer for each request would cost more than some answers do (ADR 0042).
"""

import asyncio
import logging
import math
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from gateway.http_protocol import BoundedHttp, Connections

PART = 64 * 1024
"""Bytes of an answer that a client takes in time, or all that is left of it."""
_LONGEST_REST = 5.0
_LOOKS = 4
"""At least so many to a timeout, which may take so much longer."""

log = logging.getLogger("leasegraph.connections")


class _Connection(Protocol):
    transport: asyncio.Transport


class _Awaited(NamedTuple):
    """Since which look a client has let us wait for what."""

    what: object
    look: int


class _Unsent(NamedTuple):
    """Since which look a client takes no PART of so many bytes; how often it had taken nearly all."""

    bytes: int
    resumed: int
    look: int


class ConnectionWatch:
    """Hangs up on clients that don't send a request, or don't take an answer.

    They have `receive_timeout` for a head, or a sign of one, and again for its body; `stall_timeout` for each
    PART; both in seconds, and counted in looks: a process that stood still has heard nobody meanwhile. Open
    WebSockets look after themselves.
    """

    def __init__(self, connections: Connections, *, receive_timeout: float, stall_timeout: float) -> None:
        self._connections = connections
        self._rest = min(_LONGEST_REST, receive_timeout / _LOOKS, stall_timeout / _LOOKS)
        self._receive_looks = math.ceil(receive_timeout / self._rest)
        # One more: downloads and event streams have the same bound, and end in their own ways.
        self._stall_looks = math.ceil(stall_timeout / self._rest) + 1
        self._look = 0
        self._awaited: dict[object, _Awaited] = {}
        self._unsent: dict[object, _Unsent] = {}
        self._refusing = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Looks from time to time while the block runs."""
        self._look_later()
        try:
            yield
        finally:
            self._timer.cancel()

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._rest, self._look_around)

    def _look_around(self) -> None:
        self._look_later()
        self._look += 1
        awaited, unsent = self._awaited, self._unsent
        self._awaited, self._unsent = {}, {}  # who has left is not remembered
        late, stalled = [], []
        for each in self._connections.connections:
            closing = each.transport.is_closing()
            if isinstance(each, BoundedHttp):
                if not closing and self._is_late(each, awaited.get(each)):
                    late.append(each)
            elif not closing:
                continue
            if self._has_stalled(each, unsent.get(each)):
                stalled.append(each.transport)
        silent = sum(not each.is_asked for each in late)
        for each in late:
            each.give_up()
        for transport in stalled:
            _reset(transport)
        if late or stalled:
            said = {"silent": silent, "requests": len(late) - silent, "answers": len(stalled)}
            log.info("hung up on slow clients", extra=said)
        self._tell_of_refused()

    def _has_stalled(self, connection: _Connection, before: _Unsent | None) -> bool:
        left = connection.transport.get_write_buffer_size()
        if not left:
            return False
        resumed = connection.resumed if isinstance(connection, BoundedHttp) else 0
        if before is None or before.resumed != resumed or before.bytes - left >= PART:
            before = _Unsent(left, resumed, self._look)
        self._unsent[connection] = before
        return self._look - before.look >= self._stall_looks

    def _is_late(self, http: BoundedHttp, before: _Awaited | None) -> bool:
        what = http.awaited
        if what is None:
            return False
        if before is None or before.what is not what:
            before = _Awaited(what, self._look)
        self._awaited[http] = before
        return self._look - before.look >= self._receive_looks

    def _tell_of_refused(self) -> None:
        """Once, until nobody was refused for a while."""
        refused, self._connections.refused = self._connections.refused, 0
        if refused and not self._refusing:
            said = {"open": len(self._connections.connections), "refused": refused}
            log.warning("too many connections: some are refused", extra=said)
        self._refusing = refused > 0


def _reset(transport: asyncio.Transport) -> None:
    """Frees what the kernel would else keep trying to deliver, some MB."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
