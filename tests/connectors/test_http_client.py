"""The HTTP client: a call that is given up never gives its answer to another."""

import asyncio

import pytest

from connectors import deadline
from connectors.errors import MalformedAnswer, UpstreamTimeout
from connectors.http import LARGEST_ANSWER, UpstreamClient
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


async def too_large(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """More than may be, without saying so before."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(LARGEST_ANSWER // 2**20 + 1):
        writer.write(bytes(2**20))
        await writer.drain()


async def test_an_answer_that_is_too_large_is_malformed() -> None:
    async with listening(too_large) as port:
        client = UpstreamClient("erp", f"http://127.0.0.1:{port}", timeout=60)
        with pytest.raises(MalformedAnswer) as error:
            await client.get("/a")
        await client.close()
    assert f"more than {LARGEST_ANSWER} bytes" in repr(error.value.__cause__), "the log says why"


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
