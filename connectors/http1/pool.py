"""Connections that rest, and whoever needs one."""

import asyncio

from connectors.http1.connecting import connect
from connectors.http1.connection import Connection
from connectors.http1.errors import NotConnected
from connectors.http1.origin import Origin

IDLE = 15.0
"""Seconds that a connection may rest."""


class Pool:
    """Of one server. At most `most` rest; whoever calls bounds how many there are (the guard).

    The one that rested least is taken first, so that those that nobody needs grow old.
    """

    def __init__(self, server: Origin, most: int, timeout: float) -> None:
        """`timeout`, in seconds, is for opening a connection."""
        self._server = server
        self._most = most
        self._timeout = timeout
        self._resting: list[Connection] = []
        self._open: set[Connection] = set()
        self._sweep: asyncio.TimerHandle | None = None
        self._closed = False

    def rested(self) -> Connection | None:
        """One that is kept, to make a request with; it is to be given back. None where there is none."""
        resting = self._resting
        while resting:
            connection = resting.pop()
            if connection.is_quiet():
                return connection
            self._drop(connection)
        return None

    async def opened(self) -> Connection:
        """A new one, to be given back. Raises NotConnected."""
        if self._closed:
            raise NotConnected("closed")
        connection = await connect(self._server, self._timeout, self._is_alone)
        self._open.add(connection)
        return connection

    def give_back(self, connection: Connection) -> None:
        """The request is over, well or not."""
        if not connection.rest() or self._closed or len(self._resting) >= self._most:
            self._drop(connection)
        else:
            connection.idle_since = connection.loop.time()
            self._resting.append(connection)
            if self._sweep is None:
                self._sweep = connection.loop.call_later(IDLE, self._let_go)

    def _is_alone(self) -> bool:
        """Whether no more than one is in use."""
        return len(self._open) - len(self._resting) < 2

    async def close(self) -> None:
        """All of them, those in use too."""
        self._closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        self._resting.clear()
        for connection in tuple(self._open):
            self._drop(connection)
        await asyncio.sleep(0)  # the event loop closes their sockets

    def _let_go(self) -> None:
        """Of those that have rested long enough."""
        loop = asyncio.get_running_loop()
        self._sweep = None
        still = []
        for connection in self._resting:
            if connection.closed or connection.idle_since + IDLE <= loop.time():
                self._drop(connection)
            else:
                still.append(connection)
        self._resting = still
        if still:
            self._sweep = loop.call_at(still[0].idle_since + IDLE, self._let_go)

    def _drop(self, connection: Connection) -> None:
        connection.abort()
        self._open.discard(connection)
