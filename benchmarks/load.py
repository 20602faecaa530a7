"""The load: raw HTTP/1.1 over many connections, light enough not to be what is measured.

Each connection asks again as soon as it is answered, and every byte of every body is compared.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import NamedTuple

import msgspec

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
SILENCE = 60.0
"""Seconds after which a server that does not answer at all has failed."""


class WrongAnswer(Exception):
    """A body that is not the one expected, or another status than 200."""


class Exchange(NamedTuple):
    """A request, and the only body that is right; whatever comes is right where none is given."""

    request: bytes
    body: bytes | None = None


def exchange(url: str, query: str, headers: Mapping[str, str], body: bytes | None = None) -> Exchange:
    """A GraphQL request as it is on the wire."""
    content = msgspec.json.encode({"query": query})
    lines = {
        "Host": url.removeprefix("http://"),
        "Accept": "application/graphql-response+json, application/json",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return Exchange(f"POST /graphql HTTP/1.1\r\n{head}\r\n".encode() + content, body)


@dataclass
class Run:
    """What the connections share. Latencies are in seconds."""

    exchanges: Iterator[Exchange]
    ends: float
    latencies: list[float] = field(default_factory=list)
    last_body: bytes = b""


class Connection(asyncio.Protocol):
    """One connection; `done` when its last answer has come."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._parts: list[bytes] = []
        self._size = 0
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionResetError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size < self._needed:
            return
        seen = b"".join(self._parts)
        end = seen.find(b"\r\n\r\n")
        if end < 0:
            return
        head = seen[:end]
        if CHUNKED.search(head):
            if not seen.endswith(b"0\r\n\r\n"):
                return
            body = unchunked(seen[end + 4 :])
        else:
            length = LENGTH.search(head)
            self._needed = end + 4 + (int(length[1]) if length else 0)
            if self._size < self._needed:
                self._parts = [seen]
                return
            body = seen[end + 4 :]
        self._answered(head, body)

    def _answered(self, head: bytes, body: bytes) -> None:
        run = self._run
        now = time.perf_counter()
        run.latencies.append(now - self._began)
        expected = self._exchange.body
        if not head.startswith(b"HTTP/1.1 200") or (expected is not None and body != expected):
            if not self.done.done():
                self.done.set_exception(
                    WrongAnswer((head + b"\r\n\r\n" + body)[:1000].decode(errors="replace"))
                )
            self._transport.abort()
            return
        if now < run.ends:
            self._ask()
        else:
            run.last_body = body
            self.done.set_result(None)
            self._transport.close()

    def _ask(self) -> None:
        self._parts, self._size, self._needed = [], 0, 0
        self._exchange = next(self._run.exchanges)
        self._began = time.perf_counter()
        self._transport.write(self._exchange.request)


def unchunked(body: bytes) -> bytes:
    """The body that chunks make."""
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)


async def load(port: int, exchanges: list[Exchange], connections: int, seconds: float) -> Run:
    """Asks all exchanges in turn for a time; what is under way then is waited for.

    Raises WrongAnswer, and TimeoutError where nothing comes.
    """
    loop = asyncio.get_running_loop()
    run = Run(cycle(exchanges), time.perf_counter() + seconds)
    made = [
        await loop.create_connection(lambda: Connection(run), "127.0.0.1", port) for _ in range(connections)
    ]
    async with asyncio.timeout(seconds + SILENCE):
        await asyncio.gather(*(connection.done for _, connection in made))
    return run


async def once(port: int, asked: Exchange) -> bytes:
    """The body of one answer."""
    return (await load(port, [asked], 1, 0)).last_body
