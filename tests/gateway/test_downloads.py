"""Following a link to a document: by whom, which part, and what the browser is told."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

QUERY = """{ viewer { clients { nodes { documents(first: 1, filter: { kinds: [INVOICE_PDF] }) { nodes {
    fileName size sha256 mimeType download { url expiresAt } } } } } } }"""


def document(person: Person) -> Any:
    (client,) = person.data(QUERY)["viewer"]["clients"]["nodes"]
    return client["documents"]["nodes"][0]


@pytest.fixture(scope="module")
def a(logged_in: Callable[[str], Person]) -> Person:
    return logged_in("0010001")


@pytest.fixture
def found(a: Person) -> Any:
    return document(a)


@pytest.fixture(scope="module")
def hasty_links(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Person]:
    """Somebody whose links live for a second."""
    gateway = Gateway(tmp_path_factory.mktemp("links"), backoffice, DOWNLOAD_LINK_SECONDS=1)
    with Person(gateway, backoffice) as somebody:
        somebody.enter("0010004")
        somebody.log_in("0010004")
        yield somebody
    gateway.close()


def test_the_file_and_what_is_said_of_it(a: Person, found: Any) -> None:
    answer = a.browser.get(found["download"]["url"])
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == found["sha256"]
    assert len(answer.content) == found["size"]
    assert answer.content.startswith(b"%PDF-")
    told = answer.headers
    assert told["content-length"] == str(found["size"])
    assert told["content-type"] == found["mimeType"] == "application/pdf"
    assert told["etag"] == f'"{found["sha256"]}"'
    assert told["accept-ranges"] == "bytes"
    assert told["content-disposition"].startswith(f'attachment; filename="{found["fileName"]}"; filename*=')
    assert told["cache-control"] == "private, no-store"
    assert told["cross-origin-resource-policy"] == "same-origin"
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "no-referrer"
    assert "sandbox" in told["content-security-policy"]
    assert "default-src 'none'" in told["content-security-policy"]


def test_head_says_the_same_without_the_file(a: Person, found: Any) -> None:
    url = found["download"]["url"]
    whole, head = a.browser.get(url), a.browser.head(url, headers={"Range": "bytes=0-3"})
    assert (head.status_code, head.content) == (200, b"")
    varying = {"date", "x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in whole.headers.items() if k not in varying
    }


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10), ("bytes=10-", 206, 10, None), ("bytes=-5", 206, -5, None),
        ("bytes=5-999999", 206, 5, None), ("bytes=-999999", 206, 0, None), ("bytes=0-1,3-4", 200, 0, None),
        ("lines=1-2", 200, 0, None), ("bytes=9-3", 200, 0, None), ("bytes=-", 200, 0, None),
    ],
)  # fmt: skip
def test_a_part(a: Person, found: Any, asked: str, status: int, start: int, stop: int | None) -> None:
    url, size = found["download"]["url"], found["size"]
    whole = a.browser.get(url).content
    answer = a.browser.get(url, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, whole[start:stop])
    first = start % size
    last = first + len(answer.content) - 1
    assert answer.headers.get("content-range") == (f"bytes {first}-{last}/{size}" if status == 206 else None)


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_behind_the_end(a: Person, found: Any, asked: str) -> None:
    answer = a.browser.get(found["download"]["url"], headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{found['size']}"


def test_a_part_only_of_the_same_content(a: Person, found: Any) -> None:
    url, asked = found["download"]["url"], {"Range": "bytes=0-3"}
    same = a.browser.get(url, headers={**asked, "If-Range": f'"{found["sha256"]}"'})
    assert (same.status_code, same.content) == (206, b"%PDF")
    for other in ('"0"', f'W/"{found["sha256"]}"', "Sun, 22 Nov 2026 10:00:00 GMT"):
        assert a.browser.get(url, headers={**asked, "If-Range": other}).status_code == 200


def test_only_reading(a: Person, found: Any) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert a.browser.request(method, found["download"]["url"]).status_code == 405


def test_somebody_else_gets_what_a_missing_file_gets(
    a: Person, found: Any, logged_in: Callable[[str], Person]
) -> None:
    url = found["download"]["url"]
    for login in ("0010003", "0010010"):
        other = logged_in(login)
        theirs, missing = other.browser.get(url), other.browser.get("/documents/" + "A" * len(url))
        assert theirs.status_code == missing.status_code == 404
        assert theirs.content == missing.content
        varying = {"date", "x-request-id"}
        assert {k: v for k, v in theirs.headers.items() if k not in varying} == {
            k: v for k, v in missing.headers.items() if k not in varying
        }
        assert theirs.headers["cache-control"] == "private, no-store"
    assert a.browser.get(url).status_code == 200


def test_every_changed_bit_makes_it_no_link(a: Person, found: Any) -> None:
    token = found["download"]["url"].removeprefix("/documents/")
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in range(len(raw)):
        forged = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        answer = a.browser.get("/documents/" + base64.urlsafe_b64encode(forged).decode().rstrip("="))
        assert answer.status_code == 404, place
    for strange in ("", "x", "%00", "ą", token[:-1], token + "A", token[:43], "A" * 5000):
        assert a.browser.get(f"/documents/{strange}").status_code == 404, strange


def test_without_a_session(found: Any, gateway: Gateway, backoffice: Sandbox) -> None:
    url = found["download"]["url"]
    with Person(gateway, backoffice) as stranger:
        program = stranger.browser.get(url)
        assert program.status_code == 401
        assert "%PDF" not in program.text
        person = stranger.browser.get(url, headers={"Accept": "text/html,*/*"})
        assert person.status_code == 303
        assert person.headers["location"] == f"/login?next={url}"


def test_the_login_leads_back_to_it(a: Person, found: Any) -> None:
    url = found["download"]["url"]
    a.browser.cookies.clear()
    led = a.browser.get(url, headers={"Accept": "text/html"}).headers["location"]
    answer = a.submit(led, login="0010001", password="Zielone-Jabłko7")
    assert (answer.status_code, answer.headers["location"]) == (303, url)
    assert a.browser.get(url).status_code == 200


def test_another_session_of_the_same_person(
    found: Any, gateway: Gateway, backoffice: Sandbox, a: Person
) -> None:
    del a
    with Person(gateway, backoffice) as again:
        again.log_in("0010001")
        assert again.browser.get(found["download"]["url"]).status_code == 200


def test_a_link_expires(hasty_links: Person, logged_in: Callable[[str], Person]) -> None:
    url = document(hasty_links)["download"]["url"]
    assert hasty_links.browser.get(url).status_code == 200
    time.sleep(1.1)
    answer = hasty_links.browser.get(url)
    assert answer.status_code == 410
    assert "Ten link wygasł" in answer.text
    assert "This link has expired" in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert logged_in("0010003").browser.get(url).status_code == 404


def test_links_are_not_logged(a: Person, found: Any, gateway: Gateway) -> None:
    url = found["download"]["url"]
    a.browser.get(url)
    log = (gateway.folder / "gateway.log").read_text()
    assert url not in log
    assert "/documents/…" in log or "/documents/\\u2026" in log


@pytest.mark.parametrize(
    ("path", "fault", "status"),
    [
        ("/documents/v1/get", {"status": 503}, 503),
        ("/documents/v1/get", {"mode": "garbage"}, 502),
        ("/documents/v1/content/*", {"status": 500}, 503),
        ("/documents/v1/content/*", {"mode": "refuse"}, 503),
        ("/documents/v1/content/*", {"status": 403}, 502),
        ("/documents/v1/content/*", {"latencyMs": 7000}, 504),
    ],
    ids=["down", "garbage", "fails", "refuses", "forbids", "late"],
)
def test_a_store_that_fails(
    a: Person, found: Any, backoffice: Sandbox, path: str, fault: dict[str, Any], status: int
) -> None:
    with backoffice.fault(path, **fault):
        answer = a.browser.get(found["download"]["url"])
    assert answer.status_code == status
    assert "content-disposition" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    assert a.browser.get(found["download"]["url"]).status_code == 200
