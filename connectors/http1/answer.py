"""An answer on its way. It belongs to one request, and hears of no other that its connection carries."""

import asyncio
from typing import TYPE_CHECKING

from connectors.http1.errors import Http1Error, Unreadable
from connectors.http1.unpacking import Unpacking

if TYPE_CHECKING:
    from connectors.http1.connection import Connection


class Answer:
    """`status` and `headers` (names in lower case; values of one name joined) hold once it has `begun`.

    Where `streamed`, `most` bytes may lie unread, and the body is as it is on the wire. Else it is unpacked
    and collected, and has at most `most` bytes.
    """

    __slots__ = (
        "_connection",
        "_unpacking",
        "_waiter",
        "begun",
        "complete",
        "error",
        "headers",
        "most",
        "parts",
        "size",
        "status",
        "streamed",
    )

    def __init__(self, connection: "Connection", most: int, *, streamed: bool) -> None:
        self._connection = connection
        self._unpacking: Unpacking | None = None
        self.most = most
        self.streamed = streamed
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.parts: list[bytes] = []
        self.size = 0
        """Bytes of the body: all, or where streamed those unread."""
        self.begun = self.complete = False
        self.error: Http1Error | None = None
        self._waiter: asyncio.Future[None] | None = None

    def header(self, name: str) -> str:
        """Nothing where there is none."""
        return self.headers.get(name.encode(), b"").decode("latin-1")

    def begin(self, status: int, headers: dict[bytes, bytes]) -> None:
        """Raises Unreadable."""
        self.status, self.headers, self.begun = status, headers, True
        if b"content-encoding" in headers and not self.streamed:
            packing = headers[b"content-encoding"].lower()
            if packing not in (b"", b"identity"):
                self._unpacking = Unpacking(packing, self.most)

    def take(self, data: bytes) -> bool:
        """More of the body; whether it is more than may lie unread. Raises Unreadable."""
        if self._unpacking is not None:
            data = self._unpacking.unpacked(data)
        self.parts.append(data)
        self.size += len(data)
        if self.size <= self.most:
            return False
        if self.streamed:
            return True
        raise Unreadable(f"more than {self.most} bytes")

    def end(self) -> None:
        """Raises Unreadable."""
        if self._unpacking is not None:
            self._unpacking.end()
        self.complete = True
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def fail(self, error: Http1Error) -> None:
        """It won't be complete."""
        if not self.complete and self.error is None:
            self.error = error
            self.parts.clear()
            self.wake()

    def wake(self) -> None:
        """Whoever waits looks again."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def news(self) -> asyncio.Future[None]:
        """Done when it is complete or fails; where streamed also when there is more of it."""
        waiter = self._waiter = self._connection.loop.create_future()
        return waiter

    def body(self) -> bytes:
        """What was collected."""
        return self.parts[0] if len(self.parts) == 1 else b"".join(self.parts)

    async def head(self) -> None:
        """Waits until it has begun. Raises BrokenOff."""
        while not self.begun and self.error is None:
            await self.news()
        if self.error is not None:
            raise self.error

    async def part(self) -> bytes:
        """What has come since the last part; nothing at the end. Raises BrokenOff."""
        while not (self.parts or self.complete or self.error is not None):
            await self.news()
        if self.error is not None:
            raise self.error
        data = self.body()
        self.parts, self.size = [], 0
        if not self.complete:
            self._connection.read_on()
        return data
