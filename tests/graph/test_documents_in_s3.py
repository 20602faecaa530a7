"""Documents in a bucket, through the public door: lists, downloads, uploads and what requests take."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.examples import blocks
from tests.harness.files import PDF
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.requests import made
from tests.harness.s3 import ACCESS_KEY_ID, BUCKET, REGION, SECRET_ACCESS_KEY, S3Folder, S3Server
from tests.harness.uploads import uploaded

CLIENT, OTHER = "0010001", "0010003"
OPERATING = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
DOCUMENTS = """{ viewer { clients { nodes { documents(first: 100) { totalCount nodes {
    id kind fileName issuedOn size sha256 source { system } download { url } } } } } } }"""
INVOICES = (
    """{ viewer { clients { nodes { invoices(first: 100) { nodes { documents { kind fileName } } } } } } }"""
)
ATTACHMENTS = """query($number: String!) { serviceRequest(number: $number) {
    attachments { id fileName download { url } } } }"""


@pytest.fixture(scope="module")
def folder(s3_server: S3Server, backoffice: Sandbox) -> S3Folder:
    """With documents of three invoices, two of them on one day, and one of another client's."""
    bucket = S3Folder(s3_server)
    invoices = backoffice.page("invoices", "client", CLIENT)
    for invoice, day in zip(invoices, ("2026-10-01", "2026-11-02", "2026-11-02"), strict=False):
        bucket.fill(
            CLIENT, f"invoice-{invoice['id']}", day, "INVOICE_PDF--Faktura żółta.pdf", pdf(invoice["id"])
        )
        bucket.fill(CLIENT, f"invoice-{invoice['id']}", day, "UPO--upo.xml", b"<UPO/>")
    foreign = backoffice.page("invoices", "client", OTHER)[0]["id"]
    bucket.fill(OTHER, f"invoice-{foreign}", "2026-11-02", "INVOICE_PDF--a.pdf", pdf(foreign))
    return bucket


def pdf(name: str) -> bytes:
    return PDF + f"% {name}\n".encode() * 50_000


@pytest.fixture(scope="module")
def stored(
    tmp_path_factory: pytest.TempPathFactory, s3_server: S3Server, folder: S3Folder, backoffice: Sandbox
) -> Iterator[Gateway]:
    """A gateway with the settings that the documentation shows."""
    place = tmp_path_factory.mktemp("s3-gateway")
    secret, config = place / "secret", place / "leasegraph.toml"
    secret.write_text(SECRET_ACCESS_KEY)
    (example,) = (text for _, _, info, text in blocks(OPERATING) if info == "toml" and '"s3"' in text)
    for shown, ours in (
        ("https://s3.example.com", s3_server.url),
        ("leasing-documents", BUCKET),
        ("eu-central-1", REGION),
        ("portal/", folder.prefix),
        ("AKIAIOSFODNN7EXAMPLE", ACCESS_KEY_ID),
        ("/run/secrets/s3", str(secret)),
    ):
        assert shown in example
        example = example.replace(shown, ours)
    config.write_text(example)
    gateway = Gateway(place, backoffice, CONFIG=config, DOCUMENTS_URL=None, DOCUMENTS_API_KEY=None)
    yield gateway
    assert gateway.process.stop() == 0


@pytest.fixture(scope="module")
def person(stored: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    with Person(stored, backoffice) as somebody:
        somebody.enter(CLIENT)
        yield somebody


def documents(person: Person) -> Any:
    (client,) = person.data(DOCUMENTS)["viewer"]["clients"]["nodes"]
    return client["documents"]


def test_documents_of_a_client_and_of_its_invoices(person: Person) -> None:
    found = [each for each in documents(person)["nodes"] if each["kind"] != "ATTACHMENT"]
    assert len(found) == 6
    days = [each["issuedOn"] for each in found]
    assert days == sorted(days, reverse=True)
    assert {each["source"]["system"] for each in found} == {"documents"}
    (client,) = person.data(INVOICES)["viewer"]["clients"]["nodes"]
    owned = [len(invoice["documents"]) for invoice in client["invoices"]["nodes"]]
    assert sorted(owned, reverse=True)[:4] == [2, 2, 2, 0]


def test_a_download_whole_and_in_parts(person: Person) -> None:
    found = next(each for each in documents(person)["nodes"] if each["kind"] == "INVOICE_PDF")
    answer = person.browser.get(found["download"]["url"])
    assert answer.content.startswith(b"%PDF-")
    assert (len(answer.content), answer.headers["content-type"]) == (found["size"], "application/pdf")
    assert "Faktura%20%C5%BC%C3%B3%C5%82ta.pdf" in answer.headers["content-disposition"]
    part = person.browser.get(found["download"]["url"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, answer.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{found['size']}"


def test_another_client_s_documents_are_nobody_else_s(
    person: Person, stored: Gateway, backoffice: Sandbox
) -> None:
    with Person(stored, backoffice) as other:
        other.enter(OTHER)
        (theirs,) = documents(other)["nodes"]
        assert other.browser.get(theirs["download"]["url"]).status_code == 200
        assert person.browser.get(theirs["download"]["url"]).status_code == 404
        node = "query($id: ID!) { node(id: $id) { id } }"
        assert other.data(node, id=theirs["id"])["node"]
        assert person.data(node, id=theirs["id"])["node"] is None


def test_an_upload_is_attached_and_kept(person: Person) -> None:
    before = documents(person)["totalCount"]
    key = uploaded(person, CLIENT, "wypis – żółty.pdf", PDF)["id"]
    assert documents(person)["totalCount"] == before, "it waits for a request"
    request = made(person, "Complaint", attachmentIds=[key])
    (found,) = person.data(ATTACHMENTS, number=request["number"])["serviceRequest"]["attachments"]
    assert (found["id"], found["fileName"]) == (key, "wypis – żółty.pdf")
    assert person.browser.get(found["download"]["url"]).content == PDF
    after = documents(person)
    assert after["totalCount"] == before + 1
    assert key in {each["id"] for each in after["nodes"]}


def test_a_damaged_document_breaks_off(person: Person, folder: S3Folder) -> None:
    """What a browser gets is shorter than what it was told."""
    data = pdf("to be damaged")
    key = folder.fill(CLIENT, "contract-1", "2026-11-03", "CONTRACT_PDF--damaged.pdf", data)
    folder.put(f"documents/{key}", b"x" + data[1:])
    found = next(each for each in documents(person)["nodes"] if each["fileName"] == "damaged.pdf")
    with pytest.raises(httpx2.RemoteProtocolError):
        person.browser.get(found["download"]["url"])
    folder.delete(f"documents/{key}")
