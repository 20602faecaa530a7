"""Documents are derived, and their listing is true to their content."""

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.sandbox.backoffice import Sandbox


def listed(sandbox: Sandbox, *owners: str) -> list[list[dict[str, Any]]]:
    results = sandbox.post("/documents/v1/list", {"owners": list(owners)})["results"]
    return [result["items"] for result in results]


def test_listing_is_aligned_and_true_to_the_content(sandbox: Sandbox) -> None:
    invoice, nothing, contract, old, again = listed(
        sandbox, "invoice:38", "invoice:999999999", "contract:1", "invoice:1", "invoice:38"
    )
    assert (nothing, again) == ([], invoice)
    assert [one["kind"] for one in invoice] == ["INVOICE_PDF", "KSEF_XML", "UPO"]
    assert [one["kind"] for one in contract] == ["CONTRACT_PDF"]
    assert [one["kind"] for one in old] == ["INVOICE_PDF"]
    for document in (*invoice, *contract, *old):
        answer = sandbox.http.get(f"/documents/v1/content/{document['id']}")
        assert answer.headers["content-type"] == document["mimeType"]
        assert len(answer.content) == document["size"]
        assert hashlib.sha256(answer.content).hexdigest() == document["sha256"]
        assert answer.headers["etag"] == f'"{document["sha256"]}"'
    keys = [invoice[1]["id"], "nothing", contract[0]["id"]]
    assert sandbox.post("/documents/v1/get", {"keys": keys})["results"] == [invoice[1], None, contract[0]]


def test_every_invoice_has_its_documents(sandbox: Sandbox) -> None:
    invoices = sandbox.page("invoices", "client", "0010009")
    for invoice, documents in zip(
        invoices, listed(sandbox, *(f"invoice:{one['id']}" for one in invoices)), strict=True
    ):
        assert len(documents) == (3 if invoice["ksef"] else 1)
        assert all(one["clientNumber"] == "0010009" for one in documents)


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10), ("bytes=10-", 206, 10, None), ("bytes=-5", 206, -5, None),
        ("bytes=5-999999", 206, 5, None), ("bytes=0-1,3-4", 200, 0, None), ("lines=1-2", 200, 0, None),
        ("bytes=9-3", 200, 0, None), ("bytes=999999-", 416, 0, 0),
    ],
)  # fmt: skip
def test_ranges(sandbox: Sandbox, asked: str, status: int, start: int, stop: int | None) -> None:
    whole = sandbox.http.get("/documents/v1/content/P38").content
    answer = sandbox.http.get("/documents/v1/content/P38", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, whole[start:stop])


def test_etag_and_unknown_ids(sandbox: Sandbox) -> None:
    etag = sandbox.http.get("/documents/v1/content/C1").headers["etag"]
    answer = sandbox.http.get("/documents/v1/content/C1", headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    for key in ("P0", "X1", "Q1", "..%2F..", "P38/x"):
        assert sandbox.http.get(f"/documents/v1/content/{key}").status_code == 404


def test_ksef_xml_is_well_formed(sandbox: Sandbox) -> None:
    root = ElementTree.fromstring(sandbox.http.get("/documents/v1/content/X38").content)  # noqa: S314 - our own
    texts = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert (texts["P_2"], texts["P_15"]) == ("FV/2026/0000038", "2460.00")


def test_the_upo_is_of_the_invoice(sandbox: Sandbox) -> None:
    invoice = sandbox.invoice("38")
    root = ElementTree.fromstring(sandbox.http.get("/documents/v1/content/O38").content)  # noqa: S314 - our own
    texts = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
    assert texts["NumerKSeFDokumentu"] == invoice["ksef"]["number"]
    assert texts["DataNadaniaNumeruKSeF"] == invoice["ksef"]["acceptedAt"]
    assert base64.b64decode(texts["SkrotDokumentu"]).hex() == invoice["ksef"]["xmlSha256"]


def test_every_policy_has_a_document(sandbox: Sandbox) -> None:
    (policy, *_) = sandbox.page("policies", "contract", "1", first=None)
    ((document,),) = listed(sandbox, f"policy:{policy['id']}")
    assert (document["kind"], document["issuedOn"]) == ("POLICY_PDF", policy["validFrom"])
    body = {"owners": ["client:0010001"], "filter": {"kinds": ["POLICY_PDF"]}, "first": 1000}
    assert document in sandbox.post("/documents/v1/list", body)["results"][0]["items"]


def test_the_pdf_is_whole(sandbox: Sandbox) -> None:
    data = sandbox.http.get("/documents/v1/content/P38").content
    assert data.startswith(b"%PDF-1.4")
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    assert data[start:].startswith(b"xref\n0 7\n")
    for number, line in enumerate(data[start:].split(b"\n")[3:9], 1):
        assert data[int(line[:10]) :].startswith(b"%d 0 obj\n" % number)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs pdftotext of poppler-utils")
def test_a_reader_opens_the_pdf(sandbox: Sandbox, tmp_path: Path) -> None:
    [invoice] = sandbox.page("invoices", "client", "0010015", first=1, filter={"kinds": ["SERVICE_FEE"]})
    file = tmp_path / "invoice.pdf"
    file.write_bytes(sandbox.http.get(f"/documents/v1/content/P{invoice['id']}").content)
    shown = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    assert shown.stderr == ""
    assert 'Przedsiębiorstwo Handlowo-Usługowe "Żółta Łódź" Sp. z o.o.' in shown.stdout
    assert f"Wartość brutto: {invoice['gross']} PLN" in shown.stdout
