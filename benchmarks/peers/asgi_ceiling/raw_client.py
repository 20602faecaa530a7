"""An HTTP client for a benchmark's ceiling: no timeouts, TLS or chunks, one request a connection."""

import asyncio
from urllib.parse import urlsplit

from connectors.corking import Corked, corked


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | Corked
        self.answer: asyncio.Future[bytes]
        self._parts: list[bytes] = []
        self._missing = -1

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            head, _, data = data.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                self.answer.set_exception(RuntimeError(head.decode()))
                return
            begin = head.index(b"content-length: ") + 16
            self._missing = int(head[begin:].split(b"\r\n", 1)[0])
        self._parts.append(data)
        self._missing -= len(data)
        if self._missing == 0:
            self._missing = -1
            body, self._parts = b"".join(self._parts), []
            self.answer.set_result(body)


class RawClient:
    """Posts JSON and gives the bytes of the answer."""

    def __init__(self, url: str, key: str, *, corked: bool) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._head = (
            f" HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Bearer {key}\r\n"
            "content-type: application/json\r\n"
        )
        self._idle: list[_Connection] = []
        self._in_use = 0
        self._corked = corked

    def _is_alone(self) -> bool:
        return self._in_use < 2

    async def post(self, path: str, body: bytes) -> bytes:
        """The answer's body; anything but 200 is a RuntimeError."""
        loop = asyncio.get_running_loop()
        self._in_use += 1
        if self._idle:
            connection = self._idle.pop()
        else:
            transport, connection = await loop.create_connection(_Connection, self._host, self._port)
            connection.transport = corked(transport, loop, self._is_alone) if self._corked else transport
        connection.answer = loop.create_future()
        connection.transport.write(
            f"POST {path}{self._head}content-length: {len(body)}\r\n\r\n".encode() + body
        )
        answer = await connection.answer
        self._idle.append(connection)
        self._in_use -= 1
        return answer
