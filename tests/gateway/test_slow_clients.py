"""Clients that are slow on purpose: none holds a connection for good; who may be slow keeps it."""

import asyncio
import json
import resource
import select
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import httpx2
import pytest

from tests.harness.memory import Highest
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox, free_ports
from tests.harness.streams import open_events, open_socket
from tests.harness.uploads import client_id

LOGIN = "0010006"
INVOICES = "{ viewer { clients { nodes { invoices(first: 2) { nodes { number } } } } } }"
LARGE = "__schema { types { name description fields { name description args { name description } } } }"
BOUND = 1
"""Seconds, of the gateway's clients."""
PATIENCE = 60.0
KERNEL = int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text().split()[-1])
"""Bytes that may wait outside the gateway for a client to take them."""
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
PING = bytes((0x89, 0x80 + 125, *bytes(4), *bytes(125)))
CLOSE = bytes((0x88, 0x80, *bytes(4)))
"""Frames as clients send them, masked, though with zeros (RFC 6455, 5.2)."""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    gateway = Gateway(
        tmp_path_factory.mktemp("strict"), backoffice, METRICS_PORT=free_ports(1)[0],
        RECEIVE_TIMEOUT=BOUND, DOWNLOAD_STALL_TIMEOUT=BOUND, ERP_TIMEOUT=8,
    )  # fmt: skip
    yield gateway
    assert gateway.process.stop() == 0
    assert "Traceback" not in (gateway.folder / "gateway.log").read_text()


@pytest.fixture(scope="module")
def person(strict: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    with Person(strict, backoffice) as somebody:
        somebody.enter(LOGIN)
        yield somebody


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def told(gateway: Gateway, message: str) -> list[dict[str, Any]]:
    """The log's lines that begin so."""
    lines = (gateway.folder / "gateway.log").read_text().splitlines()
    read = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    return [line for line in read if line["message"].startswith(message)]


def posted(gateway: Gateway, path: str, media_type: str, body: bytes, *more: str, length: int = 0) -> bytes:
    """A request with the beginning of its body."""
    head = (
        f"POST {path} HTTP/1.1", f"Host: localhost:{gateway.port}", f"Content-Type: {media_type}",
        f"Content-Length: {length or len(body)}", *more,
    )  # fmt: skip
    return "\r\n".join((*head, "", "")).encode() + body


def cookies(person: Person) -> str:
    return "Cookie: " + "; ".join(f"{each.name}={each.value}" for each in person.browser.cookies.jar)


class Client:
    """A connection that sends `begin`, and then a `drip` now and then; its receive buffer is small."""

    def __init__(self, port: int, begin: bytes, drip: bytes = b"") -> None:
        self.drip = drip
        self.answer = b""
        self.hung_up = False
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(("127.0.0.1", port))
        self.sock.sendall(begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def go_on(self) -> bool:
        """Whether the gateway has hung up."""
        try:
            while not self.hung_up and select.select([self.sock], [], [], 0)[0]:
                part = self.sock.recv(65_536)
                self.answer += part
                self.hung_up = not part
            if not self.hung_up:
                self.sock.sendall(self.drip)
        except OSError:
            self.hung_up = True
        return self.hung_up

    def is_cut_off(self) -> bool:
        """Whether the gateway has hung up, without reading."""
        looking = select.poll()
        looking.register(self.sock, 0)
        return bool(looking.poll(0))


@asynccontextmanager
async def busy(gateway: Gateway, person: Person, backoffice: Sandbox) -> AsyncIterator[None]:
    """While the block runs a file, an answer and streams take longer than the bounds; all of them arrive."""
    named = "Content-Disposition: attachment; filename=a.txt"
    path = f"/uploads?clientId={client_id(person, LOGIN)}"
    begun = posted(
        gateway,
        path,
        "text/plain",
        b"half",
        cookies(person),
        "GraphQL-Require-Preflight: 1",
        named,
        length=11,
    )
    with Client(gateway.port, begun) as upload, backoffice.fault("/v1/invoices/list", latencyMs=1600 * BOUND):
        query = asyncio.create_task(asyncio.to_thread(person.data, INVOICES))
        async with (
            open_socket(gateway.url, person) as stream,
            open_events(gateway.url, "subscription { invoiceChanged { number } }", person) as events,
        ):
            await stream.initialise()
            assert await events.block() == [":"]
            more = asyncio.create_task(events.block())
            yield
            assert (await query)["viewer"]["clients"]["nodes"]
            upload.sock.sendall(b" a file")
            assert upload.sock.recv(4096).startswith(b"HTTP/1.1 201 ")
            assert (await stream.ask("{ __typename }"))["data"] == {"__typename": "Query"}
            assert not more.done()
            more.cancel()
            await asyncio.wait((more,))


async def test_who_sends_no_request_in_time_is_hung_up_on(
    strict: Gateway, person: Person, backoffice: Sandbox
) -> None:
    form, json_type = "application/x-www-form-urlencoded", "application/json"
    origin = f"Origin: {strict.url.replace('127.0.0.1', 'localhost')}"
    late = b"HTTP/1.1 408 Request Timeout\r\n"
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: "
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    metrics = int(strict.settings["METRICS_PORT"])
    cases: list[tuple[bytes, Client]] = []
    async with busy(strict, person, backoffice):
        for port in (strict.port, metrics):
            cases += [(b"", Client(port, b"")), (b"", Client(port, b"\r\n", b"\r\n"))]
            cases += [(late, Client(port, b"G")), (late, Client(port, head, b"x"))]
            cases += [(late, Client(port, head, b"\r\nX: y"))]
        chunked = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        cases += [
            (late, Client(strict.port, posted(strict, "/graphql", json_type, b"{", length=1000), b" ")),
            (late, Client(strict.port, chunked + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x")),
            (late, Client(strict.port, posted(strict, "/login", form, b"a", origin, length=1000), b"x")),
            (late, Client(strict.port, posted(strict, "/oauth2/token", form, b"a", length=1000), b"x")),
            # What is answered without its body, and what is sent after an answer
            (b"HTTP/1.1 405 ", Client(strict.port, posted(strict, "/healthz", form, b"", length=1000), b"x")),
            (b"HTTP/1.1 200 ", Client(metrics, posted(strict, "/", form, b"", length=1000), b"x")),
            (b"HTTP/1.1 200 ", Client(strict.port, asked, b"\r\n")),
        ]
        await asyncio.to_thread(until, lambda: not [each for _, each in cases if not each.go_on()])
        for expected, client in cases:
            client.sock.close()
            assert client.answer[: len(expected) or 1] == expected
    lines = told(strict, "hung up on slow clients")
    assert sum(line["requests"] for line in lines) == sum(expected == late for expected, _ in cases)
    assert sum(line["silent"] for line in lines) == sum(expected != late for expected, _ in cases)


def test_who_takes_no_answer_is_hung_up_on(strict: Gateway) -> None:
    question = {"query": f"{{ {' '.join(f'at{number}: {LARGE}' for number in range(10))} }}"}
    size = len(httpx2.post(f"{strict.url}/graphql", json=question, trust_env=False, timeout=PATIENCE).content)
    count = 2 * KERNEL // size + 2
    assert count < 50, "the gateway hangs up on more for another reason"
    ask = posted(strict, "/graphql", "application/json", json.dumps(question).encode())
    with Client(strict.port, ask * count) as asking:
        until(asking.is_cut_off)
    assert told(strict, "hung up on slow clients")[-1]["answers"] == 1


def test_who_pings_and_takes_nothing_is_hung_up_on(strict: Gateway) -> None:
    """As it says goodbye: a close waits for what is still to be sent. Meanwhile nothing piles up."""
    with Highest(strict.process.popen.pid) as memory, Client(strict.port, HANDSHAKE) as pinging:
        assert b"101 Switching Protocols" in pinging.sock.recv(4096)
        pinging.sock.sendall(PING * (4 * KERNEL // len(PING)) + CLOSE)
        until(pinging.is_cut_off)
    assert memory.growth < KERNEL


def test_requests_in_a_row_are_answered_up_to_a_bound(strict: Gateway) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with Client(strict.port, asked * 99 + asked[:-2] + b"Connection: close\r\n\r\n") as client:
        until(client.go_on)
        assert client.answer.count(b"HTTP/1.1 200 OK\r\n") == 100
    with Client(strict.port, asked * 1000) as client:
        until(client.go_on)
        assert not client.answer


def test_clients_leave_descriptors_to_the_gateway(strict: Gateway, person: Person) -> None:
    pid = strict.process.popen.pid
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    limit = 4 * len(list(Path(f"/proc/{pid}/fd").iterdir())) + 40
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        named = "Content-Disposition: attachment; filename=a.txt"
        path = f"/uploads?clientId={client_id(person, LOGIN)}"
        whole = posted(
            strict, path, "text/plain", b"a file", cookies(person), "GraphQL-Require-Preflight: 1", named
        )
        with Client(strict.port, whole[:-1]) as upload:
            crowd = [Client(strict.port, b"") for _ in range(limit)]
            until(lambda: bool(told(strict, "too many connections")))
            upload.sock.sendall(whole[-1:])
            assert upload.sock.recv(4096).startswith(b"HTTP/1.1 201 ")
        until(lambda: not [each for each in crowd if not each.go_on()])
        person.data(INVOICES)
        for each in crowd:
            each.sock.close()
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    (line,) = told(strict, "too many connections")
    assert line["refused"] >= limit // 4


def test_who_hangs_up_ends_what_comes_before_the_last_request(strict: Gateway, person: Person) -> None:
    subscription = json.dumps({"query": "subscription { invoiceChanged { number } }"}).encode()
    head = ("GraphQL-Require-Preflight: 1", "Accept: text/event-stream", "X-Request-Id: overtaken")
    stream = posted(strict, "/graphql", "application/json", subscription, cookies(person), *head)
    with Client(strict.port, stream + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
        assert client.sock.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
    until(lambda: "overtaken" in [line["requestId"] for line in told(strict, "request")])
