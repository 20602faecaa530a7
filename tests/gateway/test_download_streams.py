"""Large files, slow readers, stores that break off: what the gateway keeps, what the browser notices."""

import asyncio
import hashlib
import json
import select
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.connectors.canned import listening
from tests.harness.memory import Highest
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010004"
SIZE = 64 * 1024 * 1024
MOST_GROWTH = 16 * 1024 * 1024
QUERY = """{ viewer { clients { nodes { documents { totalCount nodes { id fileName size sha256
    download { url } } } } } } }"""


def only(person: Person) -> Any:
    (client,) = person.data(QUERY)["viewer"]["clients"]["nodes"]
    (document,) = client["documents"]["nodes"]
    return document


@pytest.fixture(scope="module")
def large(
    tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox
) -> Iterator[tuple[Gateway, Person, Any]]:
    """A gateway over a folder with one file of 64 MB, and somebody who may read it."""
    root = tmp_path_factory.mktemp("documents")
    file = root / LOGIN / "contract-1" / "CONTRACT_PDF--Umowa o dzieło.pdf"
    file.parent.mkdir(parents=True)
    block = bytes(range(256)) * 4096
    with file.open("wb") as out:
        for number in range(SIZE // len(block)):
            out.write(number.to_bytes(4, "big") + block[4:])
    gateway = Gateway(
        tmp_path_factory.mktemp("large"), backoffice, DOCUMENTS_URL=root.as_uri(), DOWNLOAD_STALL_TIMEOUT=2
    )
    with Person(gateway, backoffice) as somebody:
        somebody.first_login(LOGIN)
        somebody.log_in(LOGIN)
        document = only(somebody)
        somebody.browser.get(document["download"]["url"], headers={"Range": "bytes=0-0"})
        yield gateway, somebody, document
    gateway.close()


def opened(gateway: Gateway, person: Person, url: str) -> socket.socket:
    """A connection that has asked for a file and read nothing yet; its receive buffer is small."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    sock.settimeout(30)
    sock.connect(("127.0.0.1", gateway.port))
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.browser.cookies.jar)
    host = urlsplit(gateway.url).netloc
    sock.sendall(f"GET {url} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n".encode())
    return sock


def drained(sock: socket.socket) -> int:
    """How many more bytes come before the other side hangs up."""
    count = 0
    while chunk := sock.recv(1 << 20):
        count += len(chunk)
    return count


def test_a_large_file_is_never_in_memory(large: tuple[Gateway, Person, Any]) -> None:
    gateway, person, document = large
    assert document["size"] == SIZE
    digest = hashlib.sha256()
    with (
        Highest(gateway.process.popen.pid) as memory,
        person.browser.stream("GET", document["download"]["url"]) as answer,
    ):
        assert answer.headers["content-length"] == str(SIZE)
        for chunk in answer.iter_bytes():
            digest.update(chunk)
    assert digest.hexdigest() == document["sha256"]
    assert memory.growth < MOST_GROWTH


def test_a_part_of_a_large_file(large: tuple[Gateway, Person, Any]) -> None:
    _, person, document = large
    asked = {"Range": f"bytes={SIZE - 1024 * 1024}-"}
    answer = person.browser.get(document["download"]["url"], headers=asked)
    assert (answer.status_code, len(answer.content)) == (206, 1024 * 1024)
    assert answer.content[:4] == (SIZE // (1024 * 1024) - 1).to_bytes(4, "big")


def test_slow_readers_cost_no_memory_and_nobody_waits_for_them(large: tuple[Gateway, Person, Any]) -> None:
    gateway, person, document = large
    with Highest(gateway.process.popen.pid) as memory:
        slow = [opened(gateway, person, document["download"]["url"]) for _ in range(5)]
        read = 0
        for _ in range(15):
            read += sum(len(sock.recv(8192)) for sock in slow)
            began = time.monotonic()
            assert only(person)["size"] == SIZE
            assert time.monotonic() - began < 5, "queries wait for slow readers"
            time.sleep(0.1)
    assert read > 5 * 15 * 1000
    assert memory.growth < MOST_GROWTH
    for sock in slow:
        sock.close()


def test_who_takes_nothing_is_hung_up_on(large: tuple[Gateway, Person, Any]) -> None:
    gateway, person, document = large
    with opened(gateway, person, document["download"]["url"]) as sock:
        cut_off = select.poll()
        cut_off.register(sock, 0)
        assert cut_off.poll(30_000), "the gateway goes on for ever, or waits for its last bytes to be taken"
        with pytest.raises(ConnectionResetError):
            drained(sock)
    assert "download not taken" in (gateway.folder / "gateway.log").read_text()


def test_a_file_that_shrinks_meanwhile_is_a_broken_transfer(
    tmp_path: Path, backoffice: Sandbox, large: tuple[Gateway, Person, Any]
) -> None:
    del large
    file = tmp_path / "documents" / LOGIN / "contract-1" / "a.bin"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(SIZE))
    gateway = Gateway(tmp_path, backoffice, DOCUMENTS_URL=(tmp_path / "documents").as_uri())
    try:
        with Person(gateway, backoffice) as person:
            person.first_login(LOGIN)
            person.log_in(LOGIN)
            url = only(person)["download"]["url"]
            with person.browser.stream("GET", url) as answer:
                parts = answer.iter_raw()
                assert next(parts)
                with file.open("r+b") as out:
                    out.truncate(1000)
                with pytest.raises(httpx2.RemoteProtocolError):
                    for _ in parts:
                        pass
        log = (gateway.folder / "gateway.log").read_text()
        assert "download failed" in log
        assert "Traceback" not in log
    finally:
        gateway.close()


class FlowingStore:
    """A store of one document, whose content flows until somebody hangs up, or until it breaks off."""

    def __init__(self, size: int, break_at: int | None = None) -> None:
        self.hung_up = asyncio.Event()
        self.sent = 0
        self._size = size
        self._break_at = break_at
        self._record = {
            "id": "Q1", "owner": "contract:1", "clientNumber": LOGIN, "kind": "OTHER", "title": "t",
            "fileName": "t.bin", "mimeType": "text/html\r\nX: y", "size": size, "sha256": "not one",
            "issuedOn": "2026-11-22", "asOf": "2026-11-22T10:00:00Z",
        }  # fmt: skip

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /documents/v1/content/"):
                await self._content(writer)
                return
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            listed = {"items": [self._record], "hasNext": False, "next": None}
            results = {b"list": listed, b"coun": 1}.get(head.split(b"/v1/")[1][:4], self._record)
            body = json.dumps({"results": [results]}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()

    async def _content(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % self._size)
        try:
            while self.sent < (self._break_at or self._size):
                writer.write(bytes(65536))
                self.sent += 65536
                await writer.drain()
        except ConnectionError:
            self.hung_up.set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


async def followed(store: FlowingStore, folder: Path, backoffice: Sandbox, follow: Any) -> Any:
    """What `follow(person, url)` says, in a thread beside the store."""

    def person_at(port: int) -> Any:
        gateway = Gateway(folder, backoffice, DOCUMENTS_URL=f"http://127.0.0.1:{port}")
        try:
            with Person(gateway, backoffice) as person:
                person.first_login(LOGIN)
                person.log_in(LOGIN)
                return follow(gateway, person, only(person)["download"]["url"])
        finally:
            gateway.close()

    async with listening(store.talk) as port:
        return await asyncio.to_thread(person_at, port)


async def test_a_store_that_breaks_off_is_a_broken_transfer(folder: Path, backoffice: Sandbox) -> None:
    store = FlowingStore(10_000_000, break_at=5_000_000)

    def follow(_: Gateway, person: Person, url: str) -> str:
        with person.browser.stream("GET", url) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-length"] == "10000000"
            assert answer.headers["content-type"] == "application/octet-stream"
            assert "etag" not in answer.headers
            got = 0
            try:
                for chunk in answer.iter_raw():
                    got += len(chunk)
            except httpx2.RemoteProtocolError:
                return f"broken after {got > 1_000_000}"
        return "whole"

    assert await followed(store, folder, backoffice, follow) == "broken after True"
    log = (folder / "gateway.log").read_text()
    assert "UPSTREAM_UNAVAILABLE" in log
    assert "Traceback" not in log


async def test_the_store_is_let_go_of_when_the_browser_hangs_up(folder: Path, backoffice: Sandbox) -> None:
    store = FlowingStore(2_000_000_000)

    def follow(gateway: Gateway, person: Person, url: str) -> int:
        with Highest(gateway.process.popen.pid) as memory:
            sock = opened(gateway, person, url)
            assert sock.recv(1000).startswith(b"HTTP/1.1 200")
            time.sleep(1)  # nothing is taken: nothing more may come from the store than buffers hold
            sock.close()
            give_up = time.monotonic() + 5
            while not store.hung_up.is_set() and time.monotonic() < give_up:
                time.sleep(0.05)
        assert memory.growth < MOST_GROWTH
        return store.sent

    assert await followed(store, folder, backoffice, follow) < 30_000_000
    assert store.hung_up.is_set()
    assert "Traceback" not in (folder / "gateway.log").read_text()
