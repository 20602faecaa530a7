"""Reading in batches: alignment, pages, filters, records as declared, bad input, the key."""

from collections.abc import Callable
from typing import Any

import httpx2
import msgspec
import pytest

from sandbox.documents.store import Document
from sandbox.erp.tables import COLLECTIONS
from sandbox.mail.archive import Message
from tests.sandbox.backoffice import Sandbox

FLEET = "0010008"
KEYS = {
    "client": ["0010001", "0010002", "0010007"],
    "contract": ["1", "2", "3", "LO/2025/000001"],
    "invoice": ["36", "37", "38"],
    "payment": ["36", "37", "38"],
    "schedule": ["101", "102"],
    "correctionOf": ["38"],
    "id": ["1", "2", "101", "101000", "101036"],
    "number": ["0010001", "LO/2025/000001", "FV/2026/0000038", "WN/2026/000001"],
    "idempotencyKey": ["none-yet"],
    "login": ["0010001"],
    "all": ["*"],
}

NOBODY = {"address": "a", "clientNumber": "1"}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_records_are_as_declared(sandbox: Sandbox, name: str) -> None:
    collection, seen = COLLECTIONS[name], 0
    for by in collection.get_by:
        for record in sandbox.post(f"/v1/{name}/get", {"by": by, "keys": KEYS[by]})["results"]:
            if record is not None:
                msgspec.convert(record, collection.record)
                seen += 1
    for by in collection.list_by:
        body = {"by": by, "keys": KEYS[by]}
        pages = sandbox.post(f"/v1/{name}/list", body | {"first": 1000})["results"]
        counts = sandbox.post(f"/v1/{name}/count", body)["results"]
        assert [len(page["items"]) for page in pages] == [min(count, 1000) for count in counts]
        for page in pages:
            msgspec.convert(page["items"], list[collection.record])  # type: ignore[name-defined]
            seen += len(page["items"])
    assert seen


def test_documents_and_messages_are_as_declared(sandbox: Sandbox) -> None:
    clients = {"owners": ["client:0010001"], "first": 1000}
    for owners in ({"owners": ["invoice:38"]}, clients):
        [page] = sandbox.post("/documents/v1/list", owners)["results"]
        assert msgspec.convert(page["items"], list[Document])
    [page] = sandbox.post("/documents/v1/list", {"owners": ["invoice:38"]})["results"]
    kinds = [one.kind for one in msgspec.convert(page["items"], list[Document])]
    assert kinds == ["INVOICE_PDF", "KSEF_XML", "UPO"]
    [page] = sandbox.post(
        "/mail/v1/list", {"keys": [{"address": "efaktury+0010001@example.com", "clientNumber": "0010001"}]}
    )["results"]
    assert msgspec.convert(page["items"], list[Message])


def test_results_are_aligned_with_duplicates_and_missing_keys(sandbox: Sandbox) -> None:
    keys = ["38", "none", "1", "38", "038", "999999999", "-1", "1e3", "1" * 40, ""]
    found = sandbox.post("/v1/invoices/get", {"by": "id", "keys": keys})["results"]
    assert [one and one["id"] for one in found] == ["38", None, "1", "38", *[None] * 6]
    clients = ["0010002", "x", "0010001", "0010002", "10001", "０010001"]
    pages = sandbox.post("/v1/contracts/list", {"by": "client", "keys": clients, "first": 5})["results"]
    assert [{one["clientNumber"] for one in page["items"]} for page in pages] == [
        {"0010002"}, set(), {"0010001"}, {"0010002"}, set(), set(),
    ]  # fmt: skip
    counts = sandbox.post("/v1/contracts/count", {"by": "client", "keys": clients})["results"]
    assert counts == [3, 0, 2, 3, 0, 0]
    keys = ["102001", "102037", "102036", "102001", "999000"]
    found = sandbox.post("/v1/instalments/get", {"by": "id", "keys": keys})["results"]
    assert [one and one["id"] for one in found] == ["102001", None, "102036", "102001", None]


def read_on(sandbox: Sandbox, first: int, add: bool) -> list[tuple[str, str]]:
    seen: list[tuple[str, str]] = []
    after: list[str] | None = None
    while True:
        body = {"by": "client", "keys": [FLEET], "first": first, "after": after}
        [page] = sandbox.post("/v1/invoices/list", body)["results"]
        seen += [(one["issueDate"], one["id"]) for one in page["items"]]
        if not page["hasNext"]:
            return seen
        assert len(page["items"]) == first
        after = page["next"]
        assert after == list(seen[-1])
        if add and len(seen) % (first * 4) == 0:
            new = {"clientNumber": FLEET, "issueDate": "2026-11-22", "dueDate": "2026-12-06", "net": "10.00"}
            sandbox.post("/sandbox/invoices", new)


@pytest.mark.parametrize("add", [False, True])
def test_pages_to_the_end_without_gaps_or_repeats(sandbox: Sandbox, add: bool) -> None:
    [count] = sandbox.post("/v1/invoices/count", {"by": "client", "keys": [FLEET]})["results"]
    assert count > 5_000
    seen = read_on(sandbox, 250, add)
    assert len(seen) == len(set(seen)) == count
    assert seen == sorted(seen, key=lambda one: (one[0], int(one[1])), reverse=True)


def test_a_page_is_behind_after_in_each_group(sandbox: Sandbox) -> None:
    whole = sandbox.page("instalments", "schedule", "102", first=None)
    behind = sandbox.page("instalments", "schedule", "102", first=3, after=["11"])
    assert behind == whole[12:15]
    versions = sandbox.page("schedules", "contract", "1", first=None, after=["2"])
    assert [one["version"] for one in versions] == [1]
    [page] = sandbox.post("/v1/instalments/list", {"by": "schedule", "keys": ["102"], "first": 37})["results"]
    assert (len(page["items"]), page["hasNext"]) == (37, False)


Holds = Callable[[dict[str, Any]], bool]
FILTERS: list[tuple[dict[str, Any], Holds]] = [
    (
        {"issuedFrom": "2026-10-13", "issuedTo": "2026-11-18"},
        lambda one: "2026-10-13" <= one["issueDate"] < "2026-11-19",
    ),
    ({"dueFrom": "2026-10-27"}, lambda one: one["dueDate"] >= "2026-10-27"),
    ({"dueTo": "2026-10-27"}, lambda one: one["dueDate"] <= "2026-10-27"),
    (
        {"states": ["PAID"], "kinds": ["CORRECTION"]},
        lambda one: (one["state"], one["kind"]) == ("PAID", "CORRECTION"),
    ),
    ({"statuses": ["OVERDUE"]}, lambda one: one["amountDue"] != "0.00" and one["dueDate"] < "2026-11-22"),
    ({"statuses": ["PARTIALLY_SETTLED", "ISSUED"]}, lambda one: one["amountDue"] == "1845.00"),
    ({"contractNumber": "LO/2025/000001"}, lambda one: one["contractNumber"] == "LO/2025/000001"),
    ({"contractNumber": "LO/2024/000001"}, lambda _: False),
    ({"number": "FV/2026/0000037"}, lambda one: one["id"] == "37"),
    ({"numberContains": "fk/"}, lambda one: one["kind"] == "CORRECTION"),
    ({"currency": "PLN", "grossFrom": "123.00", "grossTo": "2460.00"},
     lambda one: 123 <= float(one["gross"]) <= 2460),
    ({"currency": "EUR"}, lambda _: False),
    ({"states": []}, lambda _: False),
    ({"states": None, "dueTo": None}, lambda _: True),
]  # fmt: skip


@pytest.mark.parametrize(("given", "holds"), FILTERS)
def test_filters(sandbox: Sandbox, given: dict[str, Any], holds: Holds) -> None:
    expected = [one for one in sandbox.page("invoices", "client", "0010001") if holds(one)]
    assert sandbox.page("invoices", "client", "0010001", filter=given) == expected
    body = {"by": "client", "keys": ["0010001"], "filter": given}
    assert sandbox.post("/v1/invoices/count", body)["results"] == [len(expected)]


def test_the_current_schedule(sandbox: Sandbox) -> None:
    [current] = sandbox.page("schedules", "contract", "1", first=None, filter={"current": True})
    assert current["version"] == 2


GET, LIST = "/v1/invoices/get", "/v1/invoices/list"
BAD: list[tuple[str, Any, str]] = [
    (GET, b"", "body"),
    (GET, b"{", "body"),
    (GET, b"\xff\xfe", "body"),
    (GET, b"[" * 100_000, "body"),
    (GET, [], "body"),
    (GET, {"by": "id"}, "keys"),
    (GET, {"by": "id", "keys": "1"}, "keys"),
    (GET, {"by": "id", "keys": [1]}, "keys[0]"),
    (GET, {"by": "id", "keys": [None]}, "keys[0]"),
    (GET, {"by": "colour", "keys": []}, "by"),
    (GET, {"by": 1, "keys": []}, "by"),
    (GET, {"by": "id", "keys": [], "first": 1}, "first"),
    (GET, {"by": "id", "keys": ["1"] * 10_001}, "keys"),
    (LIST, {"by": "client", "keys": []}, "first"),
    (LIST, {"by": "client", "keys": [], "first": None}, "first"),
    (LIST, {"by": "client", "keys": [], "first": 0}, "first"),
    (LIST, {"by": "client", "keys": [], "first": 1001}, "first"),
    (LIST, {"by": "client", "keys": [], "first": 10**30}, "first"),
    (LIST, {"by": "client", "keys": [], "first": 1.5}, "first"),
    (LIST, {"by": "client", "keys": [], "first": 1, "after": []}, "after"),
    (LIST, {"by": "client", "keys": [], "first": 1, "after": ["2026-11-22"]}, "after"),
    (LIST, {"by": "client", "keys": [], "first": 1, "after": ["2026-02-30", "1"]}, "after[0]"),
    (LIST, {"by": "client", "keys": [], "first": 1, "after": ["2026-11-22", "x"]}, "after[1]"),
    (LIST, {"by": "client", "keys": [], "first": 1, "after": ["2026-11-22", "9" * 40]}, "after[1]"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": {"colour": "red"}}, "filter.colour"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": {"states": "OPEN"}}, "filter.states"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": {"states": [1]}}, "filter.states"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": {"issuedFrom": "22.11.2026"}},
    "filter.issuedFrom"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": []}, "filter"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": {"number": ""}}, "filter.number"),
    (LIST, {"by": "client", "keys": [], "first": 1, "filter": {"grossFrom": "1"}}, "filter.grossFrom"),
    (LIST, {"by": "client", "keys": [], "first": 1, "order": {"by": "net"}}, "order.by"),
    (LIST, {"by": "client", "keys": [], "first": 1, "order": {"by": "gross", "direction": "UP"}},
    "direction"),
    (LIST, {"by": "client", "keys": [], "first": 1, "order": {"by": "gross"}, "after": ["1", "1"]},
    "after[0]"),
    (LIST, {"by": "client", "keys": [], "first": 1, "order": {"by": "dueDate"}, "after": ["1.00", "1"]},
    "after[0]"),
    ("/v1/schedules/list", {"by": "contract", "keys": [], "filter": {"current": 1}}, "filter.current"),
    ("/v1/instalments/list", {"by": "schedule", "keys": [], "after": ["x"]}, "after[0]"),
    ("/documents/v1/list", {"owners": [1]}, "owners[0]"),
    ("/documents/v1/get", {"owners": []}, "owners"),
    ("/documents/v1/list", {"owners": ["client:0010001"]}, "first"),
    ("/documents/v1/list", {"owners": ["client:0010001"], "first": 1001}, "first"),
    ("/documents/v1/list", {"owners": ["client:0010001", "invoice:1"], "first": 1}, "owners"),
    ("/documents/v1/list", {"owners": ["invoice:1"], "first": 1}, "first"),
    ("/documents/v1/list", {"owners": ["client:0010001"], "first": 1, "after": ["x", "P1"]}, "after"),
    ("/documents/v1/list", {"owners": [], "first": 1, "filter": {"issuedTo": "1.2.2026"}}, "filter.issuedTo"),
    ("/documents/v1/list", {"owners": [], "first": 1, "filter": {"colour": "red"}}, "colour"),
    ("/documents/v1/count", {"owners": ["invoice:1"]}, "owners"),
    ("/mail/v1/list", {"keys": [NOBODY], "first": 0}, "first"),
    ("/mail/v1/list", {"keys": [NOBODY], "after": ["yesterday", "1"]}, "after[0]"),
    ("/mail/v1/count", {"keys": [NOBODY], "withoutHeader": 'X"; --'}, "withoutHeader"),
    ("/sandbox/payments", {"clientNumber": "0010001", "amount": "1", "bookedOn": "2026-11-22"}, "amount"),
    ("/sandbox/invoices", {"clientNumber": "1", "issueDate": "", "dueDate": "", "net": ""}, "clientNumber"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "field"), BAD)
def test_bad_input_names_the_field(sandbox: Sandbox, path: str, body: Any, field: str) -> None:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    answer = sandbox.http.post(path, content=content)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"code", "message"}
    assert field in error["message"]


def test_paths_and_methods(sandbox: Sandbox) -> None:
    assert sandbox.http.post("/v1/balances/get", json={}).status_code == 404
    assert sandbox.http.get("/v1/invoices/get").status_code == 405
    assert sandbox.http.get("/nothing").json()["error"]["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer wrong", "Basic sandbox-test-key", "bearer sandbox-test-key"]
)
@pytest.mark.parametrize(
    "path", ["/v1/health", "/v1/changes", "/documents/v1/content/P1", "/sandbox/calls", "/mail/v1/health"]
)
def test_without_the_key_nothing_is_told(sandbox: Sandbox, header: str | None, path: str) -> None:
    answer = httpx2.get(f"{sandbox.url}{path}", headers={} if header is None else {"Authorization": header})
    assert answer.status_code == 401
    assert set(answer.json()["error"]) == {"code", "message"}


def test_the_request_id_comes_back_and_is_logged(sandbox: Sandbox) -> None:
    sandbox.http.delete("/sandbox/calls")
    answer = sandbox.http.post(GET, json={"by": "id", "keys": ["1", "2"]}, headers={"X-Request-Id": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    [call] = sandbox.http.get("/sandbox/calls").json()["calls"]
    assert {key: call[key] for key in ("method", "path", "by", "keys", "status", "requestId")} == {
        "method": "POST", "path": GET, "by": "id", "keys": 2, "status": 200, "requestId": "abc-1",
    }  # fmt: skip


def test_openapi_describes_every_path(sandbox: Sandbox) -> None:
    described = httpx2.get(f"{sandbox.url}/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for name, collection in COLLECTIONS.items():
        ways = [*(["get"] if collection.get_by else []), *(["list", "count"] if collection.list_by else [])]
        assert all(f"/v1/{name}/{way}" in described["paths"] for way in ways)
    names = set(described["components"]["schemas"])
    text = httpx2.get(f"{sandbox.url}/openapi.json").text
    assert all(reference.split('"')[0] in names for reference in text.split("#/components/schemas/")[1:])
