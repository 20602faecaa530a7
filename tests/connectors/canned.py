"""Servers that say what a test wants to hear, on a free port of the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.contract_tests.servers import Talk as Talk
from connectors.contract_tests.servers import listening as listening
from connectors.contract_tests.servers import silence as silence


@asynccontextmanager
async def answering(body: bytes) -> AsyncIterator[str]:
    """The URL of an HTTP server that answers everything with this body."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b"content-length:" in head:
                await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()

    async with listening(talk) as port:
        yield f"http://127.0.0.1:{port}"
