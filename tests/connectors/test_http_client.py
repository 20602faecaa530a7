"""The HTTP client: a call that is given up never gives its answer to another."""

import asyncio

import pytest

from connectors import deadline
from connectors.errors import UpstreamTimeout
from connectors.http import UpstreamClient
from tests.connectors.canned import listening


class Echo:
    """A server that answers each body with itself, half of it only once it is told to go on."""

    def __init__(self) -> None:
        self.half = asyncio.Event()
        self.go_on = asyncio.Event()
        self.connections = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            body = await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:4])
            await writer.drain()
            self.half.set()
            await self.go_on.wait()
            writer.write(body[4:])
            await writer.drain()


@pytest.mark.parametrize("how", ["cancelled", "too late"])
async def test_an_answer_that_nobody_waits_for_any_more_is_nobody_s(how: str) -> None:
    echo = Echo()
    async with listening(echo.talk) as port:
        client = UpstreamClient("erp", f"http://127.0.0.1:{port}", connections=1)
        try:
            if how == "cancelled":
                first = asyncio.create_task(client.post("/a", b"the first client's"))
                await echo.half.wait()
                first.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await first
            else:
                with deadline.within(0.2), pytest.raises(UpstreamTimeout):
                    await client.post("/a", b"the first client's")
            echo.go_on.set()
            answers = await asyncio.gather(*(client.post("/b", b"number %d" % i) for i in range(20)))
            assert answers == [b"number %d" % i for i in range(20)]
            assert echo.connections == 2, "the busy connection is closed, the other one kept"
        finally:
            await client.close()
