"""Servers that a connector may meet by mistake, on the loopback interface."""

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
async def listening(
    talk: Talk, encrypted: ssl.SSLContext | None = None, *, at: tuple[str, int] = ("127.0.0.1", 0)
) -> AsyncIterator[int]:
    """The port of a server that talks like this on each connection, and hangs up afterwards.

    Raises OSError where it can't listen at this address.
    """
    loop = asyncio.get_running_loop()
    conversations: set[asyncio.Task[None]] = set()

    async def converse(connection: socket.socket) -> None:
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=encrypted)
            writer = asyncio.StreamWriter(transport, protocol, reader, loop)
            try:
                await talk(reader, writer)
            finally:
                writer.close()
                await writer.wait_closed()

    def accept() -> None:
        with suppress(OSError):  # whoever came is gone again
            connection, _ = listener.accept()
            task = loop.create_task(converse(connection))
            task.add_done_callback(lambda _: connection.close())  # also where it was ended before it began
            task.add_done_callback(conversations.discard)
            conversations.add(task)

    family = socket.AF_INET6 if ":" in at[0] else socket.AF_INET
    with socket.create_server(at, family=family) as listener:
        listener.setblocking(False)
        loop.add_reader(listener, accept)
        try:
            yield listener.getsockname()[1]
        finally:
            loop.remove_reader(listener)
            for task in conversations:
                task.cancel()
            await asyncio.gather(*conversations, return_exceptions=True)


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
