"""A server between the gateway and a system, for what a system never does of its own will.

It passes every HTTP call on over a connection of its own, and answers in a way of its own where it is told
to; it can also be away, so that connections to it are refused. Other protocols it only passes on.
"""

import asyncio
import threading
import zlib
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any, TypeVar

from connectors.contract_tests.servers import listening

T = TypeVar("T")
Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Answers a call, and hangs up when it returns."""

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
MEGABYTE = b" " * 1_000_000


class Between:
    """In front of a server on a port of this machine, until it is closed."""

    def __init__(self, behind: int, *, http: bool = True) -> None:
        self.calls: list[tuple[str, str]] = []
        """Method and path of those that came."""
        self.connections = 0
        """How many are open to it."""
        self._behind = behind
        self._http = http
        self._talks: dict[str, Talk] = {}
        self._server = AsyncExitStack()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = 0
        self._in_thread(self._listen())
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Hangs up on everybody."""
        self._in_thread(self._away())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @contextmanager
    def answering(self, path: str, talk: Talk) -> Iterator[None]:
        """Calls to paths that begin so are answered by `talk` while the block runs."""
        self._talks[path] = talk
        try:
            yield
        finally:
            del self._talks[path]

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody listens while the block runs, and who was connected is hung up on."""
        self._in_thread(self._away())
        try:
            yield
        finally:
            self._in_thread(self._listen())

    def _in_thread(self, doing: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(20)

    async def _listen(self) -> None:
        server = listening(self._converse, at=("127.0.0.1", self.port))
        self.port = await self._server.enter_async_context(server)

    async def _away(self) -> None:
        await self._server.aclose()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", self._behind)
            try:
                if not self._http:
                    await asyncio.gather(_pass_on(reader, forth), _pass_on(back, writer))
                while self._http and await self._call(reader, writer, back, forth):
                    pass
            finally:
                forth.close()
                with suppress(ConnectionError):
                    await forth.wait_closed()
        finally:
            self.connections -= 1

    async def _call(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        back: asyncio.StreamReader,
        forth: asyncio.StreamWriter,
    ) -> bool:
        """One call; whether the connection is good for another."""
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, _ = head.decode("latin-1").split(" ", 2)
        self.calls.append((method, path))
        body = await reader.readexactly(_length(head))
        talk = next((each for begin, each in self._talks.items() if path.startswith(begin)), None)
        if talk is not None:
            watching = asyncio.create_task(reader.read(1))
            talking = asyncio.ensure_future(talk(writer))
            try:  # until it has answered, or the gateway has hung up
                await asyncio.wait((watching, talking), return_when=asyncio.FIRST_COMPLETED)
            finally:
                watching.cancel()
                talking.cancel()
                await asyncio.gather(watching, talking, return_exceptions=True)
            return False
        forth.write(head + body)
        await forth.drain()
        head = await back.readuntil(b"\r\n\r\n")
        writer.write(head + (b"" if method == "HEAD" else await back.readexactly(_length(head))))
        await writer.drain()
        return True


async def _pass_on(here: asyncio.StreamReader, there: asyncio.StreamWriter) -> None:
    while part := await here.read(65536):
        there.write(part)
        await there.drain()
    there.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


@contextmanager
def between(port: int, *, http: bool = True) -> Iterator[Between]:
    """One in front of this port."""
    server = Between(port, http=http)
    try:
        yield server
    finally:
        server.close()


def saying(answer: bytes) -> Talk:
    """These bytes, and nothing more."""

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    return talk


def drip_by_drip(head: bytes = _OK + b"Content-Length: 1000\r\n\r\n") -> Talk:
    """Alive, and never done: a byte now and then."""

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.1)

    return talk


async def silence(_writer: asyncio.StreamWriter) -> None:
    """Takes the call and hangs up."""


async def endless_head(writer: asyncio.StreamWriter) -> None:
    """Headers, more headers."""
    writer.write(_OK)
    while True:
        writer.write(b"X-More: %s\r\n" % (b"x" * 4000))
        await writer.drain()


def huge(megabytes: int) -> Talk:
    """JSON of this size, without a fault but that."""

    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(_OK + b'Connection: close\r\n\r\n{"results":')
        for _ in range(megabytes):
            writer.write(MEGABYTE)
            await writer.drain()
        writer.write(b"[]}")
        await writer.drain()

    return talk


def bomb(megabytes: int) -> Talk:
    """As large, and a thousandth of it on the way; a checksum that is wrong is all that is to come then."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packing.compress(b'{"results":') + packing.flush(zlib.Z_FULL_FLUSH)
    packed += (packing.compress(MEGABYTE) + packing.flush(zlib.Z_FULL_FLUSH)) * megabytes
    packed += packing.compress(b"[]}") + packing.flush()
    return saying(_OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


def elsewhere(url: str) -> Talk:
    """It is to be found there."""
    return saying(f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode())
