"""A server that reads requests and says, byte for byte, what a test wants."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from connectors.http import UpstreamClient
from tests.connectors.canned import listening

GIVE_UP = 20.0
OK = b"HTTP/1.1 200 OK\r\n"
Say = bytes | Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool | None]]
"""What is said to a request, or how; the connection stays open unless that returns False."""


def whole(body: bytes, head: bytes = b"") -> bytes:
    """A good answer."""
    return OK + b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)


def then_hang_up(answer: bytes) -> Say:
    """These bytes, and the connection ends."""

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(answer)
        await writer.drain()
        return False

    return say


class Wire:
    """The requests in their order, each with its connection's number, and how many are open."""

    def __init__(self, url: str, *said: Say) -> None:
        self.url = url
        self.requests: list[tuple[int, bytes]] = []
        self.connections = self.open = self.most_open = 0
        self._said = said
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Waits for it."""
        async with asyncio.timeout(GIVE_UP):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """To each request the next that is to be said, in the end always the same."""
        self.connections += 1
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        number = self.connections
        self._changed.set()
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                _, found, length = request.lower().partition(b"\r\ncontent-length: ")
                if found and not request.startswith(b"PUT "):
                    request += await reader.readexactly(int(length.split(b"\r\n")[0]))
                self.requests.append((number, request))
                self._changed.set()
                say = self._said[min(len(self.requests), len(self._said)) - 1]
                if isinstance(say, bytes):
                    writer.write(say)
                    await writer.drain()
                elif await say(reader, writer) is False:
                    return
        finally:
            self.open -= 1
            self._changed.set()


@asynccontextmanager
async def saying(*said: Say, encrypted: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """A server for which this is to be said."""
    wire = Wire("", *said)
    async with listening(wire.talk, encrypted) as port:
        wire.url = f"http{'s' if encrypted else ''}://localhost:{port}"
        if not encrypted:
            wire.url = wire.url.replace("localhost", "127.0.0.1")
        yield wire


@asynccontextmanager
async def asking(wire: Wire, **given: Any) -> AsyncIterator[UpstreamClient]:
    """A client of it."""
    client = UpstreamClient("erp", given.pop("url", wire.url), **{"timeout": GIVE_UP, **given})
    try:
        yield client
    finally:
        await client.close()
