"""Large uploads, many, and those that break off: what the gateway keeps of them."""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.harness.memory import Highest
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.uploads import client_id, error, upload, uploaded
from tests.resolvers.test_upload_content import bomb, huge_directory

LOGIN = "0010005"
SIZE = 64 * 1024 * 1024
MOST_GROWTH = 16 * 1024 * 1024


class Place:
    """A gateway over a folder of documents, and somebody who uploads there."""

    def __init__(self, gateway: Gateway, root: Path, person: Person) -> None:
        self.gateway, self.root, self.person = gateway, root, person
        self.client = client_id(person, LOGIN)

    def stored(self) -> set[Path]:
        """The files of the document store, those that are half there too."""
        return {path for path in self.root.rglob("*") if path.is_file()}

    def spooled(self) -> int:
        """How many files the gateway holds open on its way to the store; they have no name there."""
        held = 0
        for each in Path(f"/proc/{self.gateway.process.popen.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # it was closed meanwhile
                held += str(self.gateway.folder / "uploads") in str(each.readlink())
        return held

    def opened(self, name: str, length: int) -> socket.socket:
        """A connection that has said what will come."""
        sock = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=30)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.person.browser.cookies.jar)
        head = (
            f"POST /uploads?clientId={quote(self.client)} HTTP/1.1",
            f"Host: {urlsplit(self.gateway.url).netloc}",
            f"Cookie: {cookies}",
            "GraphQL-Require-Preflight: 1",
            f"Content-Disposition: attachment; filename={name}",
            f"Content-Length: {length}",
        )
        sock.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        return sock


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Place]:
    root = tmp_path_factory.mktemp("documents")
    settings = {"DOCUMENTS_URL": root.as_uri(), "MAX_UPLOAD_BYTES": SIZE}
    gateway = Gateway(tmp_path_factory.mktemp("uploads"), backoffice, **settings)
    with Person(gateway, backoffice) as somebody:
        somebody.first_login(LOGIN)
        somebody.log_in(LOGIN)
        uploaded(somebody, LOGIN, "first.txt", b"x" * 200_000)
        yield Place(gateway, root, somebody)
    gateway.close()


def eventually(holds: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + 20
    while not holds() and time.monotonic() < give_up:
        time.sleep(0.05)
    return holds()


def test_a_large_upload_is_never_in_memory(place: Place) -> None:
    block = b"kwota;1460,00\n" * 4681

    def lines() -> Iterator[bytes]:
        left = SIZE
        while left:
            yield block[: min(left, len(block))]
            left -= min(left, len(block))

    with Highest(place.gateway.process.popen.pid) as memory:
        answer = upload(place.person, place.client, "lista.csv", lines())
    assert answer.status_code == 201, answer.text
    assert answer.json()["size"] == SIZE
    assert memory.growth < MOST_GROWTH
    assert place.spooled() == 0


def test_a_bomb_is_refused_without_memory(place: Place) -> None:
    before = place.stored()
    for data in (bomb(), huge_directory()):
        with Highest(place.gateway.process.popen.pid) as memory:
            answer = upload(place.person, place.client, "pismo.docx", data)
        assert error(answer) == (422, "UPLOAD_CONTENT", "body")
        assert memory.growth < MOST_GROWTH
    assert place.stored() == before


def test_too_large_is_told_before_anything_is_sent(place: Place) -> None:
    with place.opened("a.txt", SIZE * 3) as sock:
        assert sock.recv(1000).startswith(b"HTTP/1.1 413")


def test_who_hangs_up_leaves_nothing(place: Place) -> None:
    before = place.stored()
    with place.opened("a.txt", 10_000_000) as sock:
        sock.sendall(b"x" * 5_000_000)
        assert eventually(lambda: place.spooled() == 1)
        assert place.stored() == before, "the store hears of an upload only when it is whole"
    assert eventually(lambda: place.spooled() == 0)
    assert place.stored() == before
    assert list((place.gateway.folder / "uploads").iterdir()) == []
    assert "Traceback" not in (place.gateway.folder / "gateway.log").read_text()


def test_some_at_once_and_no_more(place: Place) -> None:
    socks = [place.opened("a.txt", 10) for _ in range(4)]
    assert eventually(lambda: place.spooled() == 4)
    answer = upload(place.person, place.client, "b.txt", b"x")
    assert error(answer) == (429, "UPLOADS_TOO_MANY", None)
    assert answer.headers["retry-after"]
    for sock in socks:
        sock.sendall(b"x" * 10)
        assert sock.recv(1000).startswith(b"HTTP/1.1 201")
        sock.close()
    assert upload(place.person, place.client, "b.txt", b"x").status_code == 201


def test_many_at_the_same_time_are_each_whole(place: Place) -> None:
    files = [b"%d;" % number * 100_000 for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda data: uploaded(place.person, LOGIN, "a.csv", data), files))
    assert [each["size"] for each in taken] == [len(data) for data in files]
    assert len({each["id"] for each in taken}) == 4


def test_without_a_disk_nothing_is_taken(place: Place) -> None:
    folder = place.gateway.folder / "uploads"
    away = folder.rename(folder.with_name("away"))
    try:
        answer = upload(place.person, place.client, "a.txt", b"x")
        assert error(answer) == (503, "UPSTREAM_UNAVAILABLE", None)
        assert answer.json()["errors"][0]["extensions"]["upstream"] == "uploads"
        assert answer.headers["retry-after"]
    finally:
        away.rename(folder)
    assert upload(place.person, place.client, "a.txt", b"x").status_code == 201
