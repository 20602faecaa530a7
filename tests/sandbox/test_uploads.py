"""Uploads at the document store: what a caller must say, and what is there afterwards."""

import base64
import hashlib
import secrets

import httpx2
import pytest

from tests.sandbox.backoffice import Sandbox

DATA = b"%PDF-1.7 " + bytes(5_000_000)  # larger than any other body may be


def put(sandbox: Sandbox, key: str, **changed: str) -> httpx2.Response:
    digest = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    headers = {
        "Content-Type": "application/pdf",
        "Content-Digest": f"sha-256=:{digest}:",
        "Content-Disposition": "attachment; filename*=UTF-8''za%C5%BC.pdf",
        "Client-Number": "0010001",
        "Uploaded-By": "a%20b",
        "If-None-Match": "*",
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    return sandbox.http.put(f"/documents/v1/content/{key}", content=DATA, headers=headers)


def new_key() -> str:
    return f"U{secrets.token_hex(16)}"


def test_an_upload_is_a_document(sandbox: Sandbox) -> None:
    key = new_key()
    answer = put(sandbox, key)
    assert answer.status_code == 201, answer.text
    record = answer.json()
    assert (record["id"], record["kind"], record["fileName"]) == (key, "ATTACHMENT", "zaż.pdf")
    assert (record["uploadedBy"], record["size"], record["issuedOn"]) == ("a b", len(DATA), "2026-11-22")
    assert record["expiresAt"].startswith("2026-11-23T")
    assert sandbox.http.get(f"/documents/v1/content/{key}").content == DATA
    assert sandbox.post("/documents/v1/get", {"keys": [key]})["results"] == [record]
    body = {"owners": ["client:0010001"], "filter": {"kinds": ["ATTACHMENT"]}, "first": 10}
    assert sandbox.post("/documents/v1/list", body)["results"][0]["items"] == []
    assert sandbox.post("/documents/v1/keep", {"clientNumber": "0010003", "keys": [key]}) == {
        "results": [None]
    }
    (kept,) = sandbox.post("/documents/v1/keep", {"clientNumber": "0010001", "keys": [key]})["results"]
    assert kept == record | {"expiresAt": None}
    assert sandbox.post("/documents/v1/list", body)["results"][0]["items"] == [kept]
    again = put(sandbox, key)
    assert (again.status_code, again.json()["error"]["code"]) == (412, "EXISTS")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"Content_Digest": "sha-256=:" + "A" * 43 + "=:"}, "Content-Digest"),
        ({"Content_Digest": ""}, "Content-Digest"),
        ({"If_None_Match": ""}, "If-None-Match"),
        ({"Client_Number": "9999999"}, "Client-Number"),
        ({"Client_Number": "x"}, "Client-Number"),
        ({"Content_Disposition": "attachment"}, "Content-Disposition"),
        ({"Uploaded_By": ""}, "Content-Disposition"),
    ],
)
def test_what_breaks_a_rule_is_named(sandbox: Sandbox, changed: dict[str, str], named: str) -> None:
    key = new_key()
    answer = put(sandbox, key, **changed)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(f"{named}: ")
    assert sandbox.http.get(f"/documents/v1/content/{key}").status_code == 404


@pytest.mark.parametrize("key", ["P1", "U1", "U" + "g" * 32, "U" + "A" * 32])
def test_ids(sandbox: Sandbox, key: str) -> None:
    assert put(sandbox, key).json()["error"]["message"].startswith("id: ")
