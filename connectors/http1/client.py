"""Requests to one server, over connections that are kept."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Final

from connectors.http1.answer import Answer
from connectors.http1.connection import Connection
from connectors.http1.errors import BrokenOff, Http1Error
from connectors.http1.origin import origin
from connectors.http1.pool import Pool
from connectors.http1.requests import Heads

_SUCCESS: Final = range(200, 300)
_CHUNKED = "Transfer-Encoding: chunked\r\n"


class Opened:
    """An answer that has begun and is read by `answer.part()`, until it is closed."""

    def __init__(self, pool: Pool, connection: Connection, answer: Answer) -> None:
        self.answer = answer
        self._pool = pool
        self._connection: Connection | None = connection

    def close(self) -> None:
        """Nobody reads on. The connection is closed too where that was not to the end. Twice is harmless."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._pool.give_back(connection)


class Client:
    """Of one server. Each request may raise NotConnected, BrokenOff, or ValueError for what can't be sent.

    `headers` go with every request; whole answers have at most `largest` bytes, or are Unreadable, and of
    those that are read part by part at most `unread` wait. Opening a connection may take `timeout` seconds;
    whoever calls bounds the rest, by cancelling. `connections` may rest.
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        connections: int,
        timeout: float,
        largest: int,
        unread: int,
    ) -> None:
        """Raises ValueError for a URL or header that can't be sent."""
        server = origin(base_url)
        self._heads = Heads(server, headers)
        self.pool = Pool(server, connections, timeout)
        self.largest = largest
        self._unread = unread

    async def close(self) -> None:
        """All connections, those in use too."""
        await self.pool.close()

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
        """To `ask` a connection of the `pool`, which is to be given back, however it ends.

        So `connectors/http.py` has whole answers, without a coroutine between.
        """
        if body is None:
            return self._heads.head(method, path, headers)
        return self._heads.head(method, path, headers, f"Content-Length: {len(body)}\r\n") + body

    async def open(self, method: str, path: str, headers: Mapping[str, str]) -> Opened:
        """An answer of which the head is there, as it is on the wire."""
        request = self._heads.head(method, path, headers)
        connection = self.pool.rested() or await self.pool.opened()
        try:
            answer = connection.ask(request, self._unread, streamed=True)
            await answer.head()
        except BaseException:
            self.pool.give_back(connection)
            raise
        return Opened(self.pool, connection, answer)

    async def flow(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: AsyncGenerator[bytes, None],
        length: int | None,
    ) -> Answer:
        """The whole answer to a request whose body flows; chunked where no `length` is given.

        An answer may come before the body is whole, unless it says that all is well. Raises what `body`
        raises, and ValueError where it isn't as long as was said: the request is broken off then.
        """
        framing = _CHUNKED if length is None else f"Content-Length: {length}\r\n"
        request = self._heads.head(method, path, headers, framing)
        connection = self.pool.rested() or await self.pool.opened()
        try:
            answer = connection.ask(request, self.largest, flows=length != 0)
            came = answer.news()
            sending = asyncio.create_task(_send(connection, body, length))
            try:
                await asyncio.wait((sending, came), return_when=asyncio.FIRST_COMPLETED)
                if sending.done() and not isinstance(sending.exception(), Http1Error):
                    sending.result()
                await came
                if answer.error is not None:
                    raise answer.error
                if not connection.sending:
                    await sending
                elif answer.status in _SUCCESS:
                    raise BrokenOff("all is well before all was sent")
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            return answer
        finally:
            self.pool.give_back(connection)


async def _send(connection: Connection, body: AsyncGenerator[bytes, None], length: int | None) -> None:
    left = length
    async with aclosing(body):
        async for chunk in body:
            if left is None:
                if chunk:
                    await connection.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                continue
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"a body of more than {length} bytes")
            await connection.write(chunk)
            connection.sending = left > 0
    if left is None:
        await connection.write(b"0\r\n\r\n")
    elif left:
        raise ValueError(f"a body of {left} bytes less than {length}")
    connection.sending = False
