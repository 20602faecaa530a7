"""uvicorn's HTTP protocol, with a way to tear a connection down as a failing peer would."""

import asyncio
import socket
import struct
from typing import ClassVar

from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close sends RST


class Connection(H11Protocol):
    """Known by its client's address while it is open."""

    open: ClassVar[dict[tuple[str, int], asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come."""
        super().connection_made(transport)
        self.peer = tuple(transport.get_extra_info("peername")[:2])
        self.open[self.peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """A client has gone."""
        self.open.pop(self.peer, None)
        super().connection_lost(exc)


def abort_all() -> None:
    """Close every connection that is still open, whatever it is in the middle of."""
    for transport in list(Connection.open.values()):
        transport.abort()


async def abort(scope: Scope) -> None:
    """Reset the connection of a request; what was not sent yet is lost."""
    transport = Connection.open.get(tuple(scope["client"]))
    if transport is None:
        return
    sock: socket.socket = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    transport.abort()
    # uvicorn has to learn of it before the application returns, or it would answer 500.
    for _ in range(3):
        await asyncio.sleep(0)
