"""Opening a connection: names looked up, addresses tried, TLS agreed on."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from functools import cache, partial

import aiohappyeyeballs

from connectors.http1.connection import Connection
from connectors.http1.errors import NotConnected
from connectors.http1.origin import Origin
from connectors.tls import tls_context

_NEXT_ADDRESS = 0.25
"""Seconds after which another address is tried as well (RFC 8305)."""


async def connect(server: Origin, seconds: float, alone: Callable[[], bool]) -> Connection:
    """A new connection, within so many seconds; `alone`: see `corked`. Raises NotConnected."""
    try:
        async with asyncio.timeout(seconds):
            connection = await _connected(server, alone)
    except (OSError, RuntimeError, UnicodeError) as error:
        # uvloop raises RuntimeError for sockets that it can't connect, codecs UnicodeError for names.
        raise NotConnected(f"{server.authority}: {error!r}") from error
    if connection.closed:
        raise NotConnected(f"{server.authority}: it speaks or hangs up before it is asked")
    return connection


async def _connected(server: Origin, alone: Callable[[], bool]) -> Connection:
    if not server.host:
        raise socket.gaierror(socket.EAI_NONAME, "no host is named")
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    plain = await aiohappyeyeballs.start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        context = trusting() if server.encrypted else None
        _, connection = await loop.create_connection(
            partial(Connection, loop, alone),
            sock=plain,
            ssl=context,
            server_hostname=server.host if context else None,
        )
    except BaseException:
        plain.close()
        raise
    return connection


@cache
def trusting() -> ssl.SSLContext:
    """One for all: the authorities in it take memory, and time to read."""
    context = tls_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
