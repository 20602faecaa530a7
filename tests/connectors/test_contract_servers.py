"""The servers that the contract suites let a connector meet: they leave nothing behind."""

import asyncio
import gc
import socket
from contextlib import suppress

import pytest

from connectors.contract_tests.servers import listening, silence


@pytest.mark.parametrize("turns", range(6))
async def test_a_server_that_ends_closes_whoever_has_just_come(turns: int) -> None:
    """However far the loop has got with them; what stays open is a warning, and so an error."""
    async with listening(silence) as port:
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        for _ in range(turns):
            await asyncio.sleep(0)
    for client in clients:
        with client, suppress(ConnectionResetError):
            client.settimeout(5)
            assert client.recv(1) == b"", "a client is still served"
    gc.collect()
