"""Servers that a connector may meet by mistake, on free ports of the loopback interface."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PATIENCE = 0.2
"""Seconds to wait for a client that speaks first, as with HTTP; of others the server greets first."""
PAGE = b"<!doctype html><title>Welcome</title><h1>It works!</h1>"


@asynccontextmanager
async def listening(talk: Talk, encrypted: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that talks like this on each connection, and hangs up afterwards."""
    conversations: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(converse(reader, writer))
        conversations.add(task)
        task.add_done_callback(conversations.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=encrypted)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await server.wait_closed()


async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Listens and never speaks."""
    del writer
    while await reader.read(1024):
        pass


async def a_web_page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says what a web server says that knows nothing of us, whatever it is asked."""
    with suppress(TimeoutError):
        await asyncio.wait_for(reader.read(65_536), PATIENCE)
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
        % (len(PAGE), PAGE)
    )
    await writer.drain()


@asynccontextmanager
async def nobody() -> AsyncIterator[int]:
    """A port on which nobody listens, and nobody else can while the block runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
