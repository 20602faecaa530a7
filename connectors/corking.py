"""Corking: what is written within a turn of the event loop leaves at the beginning of the next one.

uvloop sends at once. Each send may have to wake whoever reads at the other end, which sleeps again before we
have something more for it: that was the largest single cost of a small request (docs/performance.md). What
leaves together wakes it once, and what goes to one connection is one send.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextvars import Context
from typing import Any, cast
from weakref import WeakKeyDictionary

log = logging.getLogger(__name__)

MOST = 1 << 16
"""Bytes of one connection that may wait; more leave at once, so that flow control sees them."""


class _Turn:
    """Of one event loop, which it doesn't keep alive: who has something to send."""

    def __init__(self) -> None:
        self._context = Context()  # no request's own
        self._corked: list[Corked] = []

    def add(self, corked: "Corked", loop: asyncio.AbstractEventLoop) -> None:
        if not self._corked:
            loop.call_soon(self._end, context=self._context)
        self._corked.append(corked)

    def _end(self) -> None:
        corked, self._corked = self._corked, []
        for each in corked:
            try:
                each.flush()
            except Exception:  # the others are to be sent all the same
                log.exception("what was written can't be sent")


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turn] = WeakKeyDictionary()


class Corked:
    """A transport whose writes wait for the end of the turn. All else is the transport's own."""

    __slots__ = ("_alone", "_loop", "_size", "_transport", "_turn", "is_closing", "unsent")

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, alone: Callable[[], bool]
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._turn = _turns.setdefault(loop, _Turn())
        self._alone = alone
        self._size = 0
        self.unsent: list[bytes] = []
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        """See asyncio.WriteTransport."""
        if not self.unsent:
            if self._alone():
                self._transport.write(data)
                return
            self._turn.add(self, self._loop)
        self.unsent.append(data)
        self._size += len(data)
        if self._size > MOST:
            self.flush()

    def writelines(self, parts: Iterable[bytes]) -> None:
        """See asyncio.WriteTransport."""
        for part in parts:
            self.write(part)

    def flush(self) -> None:
        """Sends what waits, unless the connection is gone."""
        parts, self.unsent, self._size = self.unsent, [], 0
        if not parts or self.is_closing():
            return
        # Not `writelines`: of asyncio, Python 3.12 to 3.13.0 at least, it tells nobody to wait and never gets
        # rid of an empty part; of uvloop it makes a TLS record of each.
        self._transport.write(parts[0] if len(parts) == 1 else b"".join(parts))

    def drop(self) -> None:
        """What waits is never sent."""
        self.unsent, self._size = [], 0

    def close(self) -> None:
        """See asyncio.BaseTransport."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """See asyncio.WriteTransport."""
        self.drop()
        self._transport.abort()

    def write_eof(self) -> None:
        """See asyncio.WriteTransport."""
        self.flush()
        self._transport.write_eof()

    def get_write_buffer_size(self) -> int:
        """See asyncio.WriteTransport."""
        return self._transport.get_write_buffer_size() + self._size

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def corked(
    transport: asyncio.BaseTransport, loop: asyncio.AbstractEventLoop, alone: Callable[[], bool]
) -> Corked:
    """The transport of a connection that was just made, corked.

    `alone` says at each write whether nobody else is likely to write in the same turn: then another turn
    would cost more than it spares, and nothing waits.
    """
    return Corked(cast("asyncio.Transport", transport), loop, alone)  # uvloop's are not of its type
