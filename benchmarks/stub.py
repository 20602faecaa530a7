"""`python -m benchmarks.stub PORT BACK_OFFICE_URL`: stands before a back office and replays its answers.

A read in batches goes to the back office the first time; its answer is given again, byte for byte, whenever
the same path and body come. Everything else is passed on. `GET /-/calls` says how many reads there were
since it was last asked, `GET /-/delay/20` lets each replayed answer wait 20 ms from then on.
"""

import asyncio
import re
import sys

import httpx2
import uvloop

READ = re.compile(rb"POST /v1/[a-z-]+/(get|list|count) ")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
HOP = {
    "connection",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "host",
    "accept-encoding",
    "keep-alive",
}


class Stub:
    """What it remembers, for all connections."""

    def __init__(self, back_office: str) -> None:
        self.answers: dict[bytes, bytes] = {}
        self.calls = 0
        self.delay = 0.0
        self._client = httpx2.AsyncClient(base_url=back_office, trust_env=False, timeout=60)

    async def pass_on(self, head: bytes, body: bytes) -> bytes:
        """The back office's own answer; a successful read's is remembered."""
        line, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = line.split(" ")
        headers = dict(each.split(": ", 1) for each in lines)
        sent = {name: value for name, value in headers.items() if name.lower() not in HOP}
        answer = await self._client.request(method, path, headers=sent, content=body)
        found = written(
            answer.status_code, answer.content, answer.headers.get("content-type", "application/json")
        )
        if READ.match(head) and answer.status_code == 200:
            self.answers[key(head, body)] = found
        return found

    def control(self, head: bytes) -> bytes:
        """The answer to a request of the benchmark's."""
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/-/delay/"):
            self.delay = float(path[9:]) / 1000
        calls, self.calls = self.calls, 0
        return written(200, b"%d" % calls, "text/plain")


def key(head: bytes, body: bytes) -> bytes:
    """What an answer is known by."""
    return head[: head.index(b" HTTP/")] + body


def written(status: int, body: bytes, content_type: str) -> bytes:
    """An answer as it is on the wire."""
    head = f"HTTP/1.1 {status} -\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection of a server under test; requests come one after another."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._seen = b""
        self._under_way: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._seen = data = self._seen + data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return
        head = data[:end]
        length = LENGTH.search(head)
        if len(data) < end + 4 + (int(length[1]) if length else 0):
            return
        self._seen = b""
        body = data[end + 4 :]
        if head.startswith(b"GET /-/"):
            self._transport.write(self._stub.control(head))
            return
        answer = self._stub.answers.get(key(head, body))
        if answer is None:
            task = asyncio.ensure_future(self._pass_on(head, body))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            self._stub.calls += bool(READ.match(head))
            return
        self._stub.calls += 1
        if self._stub.delay:
            asyncio.get_running_loop().call_later(self._stub.delay, self._transport.write, answer)
        else:
            self._transport.write(answer)

    async def _pass_on(self, head: bytes, body: bytes) -> None:
        self._transport.write(await self._stub.pass_on(head, body))


async def serve(port: int, back_office: str) -> None:
    """Serves until it is ended."""
    stub = Stub(back_office)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(stub), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
