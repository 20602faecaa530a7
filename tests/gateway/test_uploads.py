"""Uploading a file: by whom, for whom, of which kind, and what is told when it is not taken."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.harness.files import EXE, PDF, RIGHT
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.uploads import client_id, error, named, upload, uploaded

CLIENT, OTHER = "0010008", "0010003"
MOST_A_DAY = 12
NODE = "query($id: ID!) { node(id: $id) { ... on Document { kind fileName size sha256 download { url } } } }"


@pytest.fixture(scope="module")
def person(logged_in: Callable[[str], Person]) -> Person:
    return logged_in(CLIENT)


@pytest.fixture(scope="module")
def mine(person: Person) -> str:
    return client_id(person, CLIENT)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Person]:
    """Somebody at a gateway that takes files of at most 100 kB, and waits little."""
    settings = {"MAX_UPLOAD_BYTES": 100_000, "DOCUMENTS_TIMEOUT": 2, "UPLOAD_TIMEOUT": 3,
                "MAX_UPLOADS_PER_DAY": MOST_A_DAY}  # fmt: skip
    gateway = Gateway(tmp_path_factory.mktemp("small"), backoffice, **settings)
    with Person(gateway, backoffice) as somebody:
        somebody.first_login(CLIENT)
        somebody.log_in(CLIENT)
        yield somebody
    gateway.close()


def test_what_is_taken_can_be_read_by_who_uploaded_it(person: Person) -> None:
    document = uploaded(person, CLIENT, "Wypis z KRS – Łódź.pdf", PDF)
    assert {key: document[key] for key in ("fileName", "mimeType", "size", "sha256")} == {
        "fileName": "Wypis z KRS – Łódź.pdf",
        "mimeType": "application/pdf",
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
    }
    assert document["expiresAt"] > "2026-11-23"
    node = person.data(NODE, id=document["id"])["node"]
    assert (node["kind"], node["fileName"]) == ("ATTACHMENT", "Wypis z KRS – Łódź.pdf")
    answer = person.browser.get(node["download"]["url"])
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")


@pytest.mark.parametrize("name", RIGHT)
def test_each_kind(name: str, person: Person) -> None:
    assert uploaded(person, CLIENT, name, RIGHT[name])["fileName"] == name


def test_files_of_our_own_making(person: Person) -> None:
    """Of the writers that real people use: a schedule as PDF and XLSX comes back as an attachment."""
    (client,) = person.data(
        """{ viewer { clients { nodes { contracts(first: 1) { nodes { schedule {
        pdf: download(format: PDF, language: PL) { url } xlsx: download(format: XLSX, language: PL) { url }
        csv: download(format: CSV, language: PL) { url } } } } } } } }"""
    )["viewer"]["clients"]["nodes"]
    for extension, link in client["contracts"]["nodes"][0]["schedule"].items():
        data = person.browser.get(link["url"]).content
        assert uploaded(person, CLIENT, f"harmonogram.{extension}", data)["size"] == len(data)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "_.._etc_passwd.pdf"),
        ("C:\\Users\\Anna\\wypis.pdf", "C:_Users_Anna_wypis.pdf"),
        ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
        ("nul\0.pdf", "nul.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        (" ..wypis .pdf. ", "wypis.pdf"),
        ("ł" * 400 + ".pdf", "ł" * 150 + ".pdf"),
        (".hidden.PDF", "hidden.PDF"),
    ],
)
def test_a_name_is_cleaned(name: str, shown: str, person: Person) -> None:
    assert uploaded(person, CLIENT, name, PDF)["fileName"] == shown


@pytest.mark.parametrize(
    "name", ["a.exe", "a.docm", "a.html", "a.svg", "a.zip", "a.pdf.exe", "pdf", ".pdf", "a."]
)
def test_other_kinds_are_not_taken(name: str, person: Person, mine: str) -> None:
    answer = upload(person, mine, name, PDF)
    assert error(answer) == (415, "UPLOAD_TYPE", "fileName")
    assert "pdf, png" in answer.json()["errors"][0]["message"]


def test_without_a_name(person: Person, mine: str) -> None:
    for headers in ({"Content-Disposition": ""}, {"Content-Disposition": "attachment"},
                    {"Content-Disposition": "attachment; filename=\"..\""}):  # fmt: skip
        answer = person.browser.post(
            "/uploads", params={"clientId": mine}, content=PDF, headers={**named("x.pdf"), **headers}
        )
        assert error(answer) == (400, "BAD_USER_INPUT", "fileName")
        assert "'Content-Disposition: attachment; filename=…'" in answer.json()["errors"][0]["message"]


def test_a_form_is_told_that_the_file_goes_alone(person: Person, mine: str) -> None:
    """As most libraries send files; without it the name would be said to be missing."""
    answer = upload(person, mine, "a.pdf", PDF, Content_Type="multipart/form-data; boundary=x")
    assert error(answer) == (415, "BAD_REQUEST", "Content-Type")
    assert "not a form" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("name", "told", "status"),
    [("a.pdf", "application/pdf", 201), ("a.pdf", "Application/PDF; charset=x", 201),
     ("a.pdf", "application/octet-stream", 201), ("a.pdf", "text/html", 415), ("a.pdf", "image/png", 415),
     ("lista.csv", "application/vnd.ms-excel", 201), ("dane.xml", "text/xml", 201)],
)  # fmt: skip
def test_the_type_fits_the_name(name: str, told: str, status: int, person: Person, mine: str) -> None:
    data = {"a.pdf": PDF, "lista.csv": b"a;b\r\n", "dane.xml": b"<a/>"}[name]
    answer = upload(person, mine, name, data, Content_Type=told)
    assert answer.status_code == status
    if status == 415:
        assert error(answer) == (415, "UPLOAD_TYPE", "Content-Type")


@pytest.mark.parametrize("name", RIGHT)
def test_a_program_under_another_name(name: str, person: Person, mine: str) -> None:
    assert error(upload(person, mine, name, EXE)) == (422, "UPLOAD_CONTENT", "body")


def test_nothing(person: Person, mine: str) -> None:
    assert error(upload(person, mine, "a.txt", b"")) == (422, "UPLOAD_CONTENT", "body")


def test_packed_bodies_are_not_taken(person: Person, mine: str) -> None:
    answer = upload(person, mine, "a.pdf", PDF, Content_Encoding="gzip")
    assert error(answer) == (415, "BAD_REQUEST", "Content-Encoding")


def parts(size: int) -> Iterator[bytes]:
    """A text of a size that nobody tells beforehand."""
    for _ in range(size // 1000):
        yield b"x" * 1000


def test_size(small: Person) -> None:
    client = client_id(small, CLIENT)
    assert uploaded(small, CLIENT, "a.txt", b"x" * 100_000)["size"] == 100_000
    assert upload(small, client, "a.txt", parts(100_000)).status_code == 201
    for data in (b"x" * 100_001, parts(101_000), b"x" * 150_000):
        answer = upload(small, client, "a.txt", data)
        assert error(answer) == (413, "UPLOAD_TOO_LARGE", "body")
        assert "at most 100000 bytes" in answer.json()["errors"][0]["message"]


def test_who(gateway: Gateway, backoffice: Sandbox, person: Person, mine: str) -> None:
    with Person(gateway, backoffice) as stranger:
        assert error(upload(stranger, mine, "a.pdf", PDF)) == (401, "UNAUTHENTICATED", None)
    headers = {"Content-Disposition": "attachment; filename=a.pdf"}
    answer = person.browser.post("/uploads", params={"clientId": mine}, content=PDF, headers=headers)
    assert error(answer) == (403, "PREFLIGHT_REQUIRED", None)


def test_methods(person: Person) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = person.browser.request(method, "/uploads", headers=named("a.pdf"))
        assert error(answer) == (405, "BAD_REQUEST", None)
        assert answer.headers["allow"] == "POST"


def test_for_a_client_of_theirs(person: Person, logged_in: Callable[[str], Person]) -> None:
    foreign = client_id(logged_in(OTHER), OTHER)
    contract = "Q29udHJhY3Q6MQ"
    told: list[Any] = []
    for client in (foreign, contract, "", "x", "ą"):
        answer = upload(person, client, "a.pdf", PDF)
        assert error(answer) == (404, "NOT_FOUND", "clientId")
        told.append(answer.json()["errors"][0]["message"])
    assert set(told) == {"Upload: 'clientId' must be the id of a client that you may see."}


def test_roles(backoffice: Sandbox, logged_in: Callable[[str], Person]) -> None:
    login = "0010012"
    somebody = logged_in(login)
    client = client_id(somebody, login)
    try:
        for role, status in (("READ_ONLY", 403), ("FLEET", 201), ("ACCOUNTANT", 201)):
            backoffice.ask("PUT", f"/sandbox/accounts/{login}", {"role": role})
            somebody.log_in(login)
            answer = upload(somebody, client, "a.pdf", PDF)
            assert answer.status_code == status, role
            if status == 403:
                assert error(answer) == (403, "FORBIDDEN", None)
    finally:
        backoffice.ask("PUT", f"/sandbox/accounts/{login}", {"role": "OWNER"})
        somebody.log_in(login)


def test_nobody_else_sees_it(person: Person, logged_in: Callable[[str], Person]) -> None:
    """Neither another client's users, nor a colleague: 0010010 heads the group and acts for 0010011 too."""
    document = uploaded(person, CLIENT, "a.pdf", PDF)
    link = person.data(NODE, id=document["id"])["node"]["download"]["url"]
    other = logged_in(OTHER)
    assert other.data(NODE, id=document["id"])["node"] is None
    assert other.browser.get(link).status_code == 404
    head, member = logged_in("0010010"), logged_in("0010011")
    theirs = uploaded(head, "0010011", "a.pdf", PDF)
    assert head.data(NODE, id=theirs["id"])["node"]
    assert member.data(NODE, id=theirs["id"])["node"] is None


@pytest.mark.parametrize(
    ("path", "fault", "status", "code"),
    [
        ("/documents/*", {"status": 503}, 503, "UPSTREAM_UNAVAILABLE"),
        ("/documents/*", {"mode": "refuse"}, 503, "UPSTREAM_UNAVAILABLE"),
        ("/documents/*", {"mode": "reset-mid-body"}, 503, "UPSTREAM_UNAVAILABLE"),
        ("/documents/*", {"mode": "garbage"}, 502, "UPSTREAM_MALFORMED"),
        ("/documents/*", {"status": 403}, 502, "UPSTREAM_REJECTED"),
        ("/v1/clients/get", {"status": 503}, 503, "UPSTREAM_UNAVAILABLE"),
    ],
)
def test_a_system_that_fails(
    path: str, fault: dict[str, Any], status: int, code: str, person: Person, mine: str, backoffice: Sandbox
) -> None:
    with backoffice.fault(path, **fault):
        answer = upload(person, mine, "a.pdf", PDF)
    assert error(answer) == (status, code, None)
    assert answer.json()["errors"][0]["extensions"]["upstream"] == (
        "erp" if "clients" in path else "documents"
    )
    assert upload(person, mine, "a.pdf", PDF).status_code == 201


def put(backoffice: Sandbox) -> int:
    """How many uploads the document store has been sent; one that it was late for is logged afterwards."""
    return [call["method"] for call in backoffice.ask("GET", "/sandbox/calls")["calls"]].count("PUT")


def test_a_store_that_is_late(small: Person, backoffice: Sandbox) -> None:
    client = client_id(small, CLIENT)
    with backoffice.fault("/documents/*", latencyMs=4000), backoffice.calls():
        answer = upload(small, client, "a.pdf", PDF)
        assert error(answer) == (504, "UPSTREAM_TIMEOUT", None)
        give_up = time.monotonic() + 20
        while not (seen := put(backoffice)) and time.monotonic() < give_up:
            time.sleep(0.05)
    assert seen == 1, "it was sent again"
    assert upload(small, client, "a.pdf", PDF).status_code == 201


def test_who_is_too_slow(small: Person, backoffice: Sandbox) -> None:
    held = threading.Event()

    def trickling() -> Iterator[bytes]:
        yield b"x"
        held.wait(20)
        yield b"x"

    client = client_id(small, CLIENT)
    with backoffice.calls(), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(upload, small, client, "a.txt", trickling())
        threading.Timer(3.5, held.set).start()
        assert error(answer.result()) == (408, "UPLOAD_TIMEOUT", None)
        assert put(backoffice) == 0


def test_how_many_a_day(small: Person) -> None:
    """Of one user, whether they were taken or not; the last test that uploads as this one."""
    client = client_id(small, CLIENT)
    answers = [upload(small, client, "a.pdf", data) for data in [PDF, EXE] * (MOST_A_DAY // 2 + 1)]
    assert error(answers[-1]) == error(answers[-2]) == (429, "UPLOADS_TOO_MANY_TODAY", None)
    assert {answer.status_code for answer in answers} <= {201, 422, 429}


def test_names_are_not_logged(person: Person, gateway: Gateway) -> None:
    uploaded(person, CLIENT, "orzeczenie-lekarskie.pdf", PDF)
    log = (gateway.folder / "gateway.log").read_text()
    assert '"/uploads"' in log
    assert "orzeczenie" not in log
