"""Requests, the change feed, and data that tests change."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.sandbox.backoffice import KEY, TODAY, Sandbox, free_ports, start, stop

SUBMISSION = {
    "clientNumber": "0010001", "kind": "POLICY_DUPLICATE", "contractNumber": "LO/2025/000001",
    "submittedBy": "0010001",
    "details": {"delivery": "EMAIL", "note": "Zażółć \u0000 \x1e \" 'jaźń'"},
}  # fmt: skip


def submit(sandbox: Sandbox, key: str, **changed: Any) -> httpx2.Response:
    return sandbox.http.post("/v1/requests", json=SUBMISSION | changed, headers={"Idempotency-Key": key})


def changes_behind(sandbox: Sandbox, after: int) -> list[tuple[str, str, str]]:
    items = sandbox.http.get("/v1/changes", params={"after": after, "limit": 1000}).json()["items"]
    return [(item["collection"], item["id"], item["clientNumber"]) for item in items]


def newest(sandbox: Sandbox) -> int:
    after = 0
    while True:
        following: int = sandbox.http.get("/v1/changes", params={"after": after, "limit": 1000}).json()[
            "next"
        ]
        if following == after:
            return after
        after = following


def test_a_request_is_made_once(sandbox: Sandbox) -> None:
    key = uuid4().hex
    before = newest(sandbox)
    first = submit(sandbox, key)
    assert first.status_code == 201
    record = first.json()
    assert {name: record[name] for name in SUBMISSION} == SUBMISSION
    assert (record["status"], record["submittedAt"][:10]) == ("SUBMITTED", TODAY)
    again = submit(sandbox, key)
    assert (again.status_code, again.json()) == (200, record)
    other = submit(sandbox, key, kind="COOPERATION_OPINION")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "IDEMPOTENCY_CONFLICT")
    assert changes_behind(sandbox, before) == [("requests", record["id"], "0010001")]
    assert sandbox.post("/v1/requests/get", {"by": "number", "keys": [record["number"]]})["results"] == [
        record
    ]
    assert sandbox.page("requests", "client", "0010001", first=1) == [record]


def test_fifty_parallel_submissions_make_one_request(sandbox: Sandbox) -> None:
    key = uuid4().hex
    before = newest(sandbox)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: submit(sandbox, key), range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.content for answer in answers}) == 1
    assert len(changes_behind(sandbox, before)) == 1


@pytest.mark.parametrize(
    ("key", "changed", "field"),
    [
        ("short", {}, "Idempotency-Key"),
        ("x" * 65, {}, "Idempotency-Key"),
        ("with a space", {}, "Idempotency-Key"),
        ("", {}, "Idempotency-Key"),
        ("12345678", {"clientNumber": "0099999"}, "clientNumber"),
        ("12345678", {"contractNumber": "LO/2025/99999999"}, "contractNumber"),
        ("12345678", {"contractNumber": "LO/2025/000003"}, "contractNumber"),
        ("12345678", {"contractNumber": 1}, "contractNumber"),
        ("12345678", {"kind": "drop table"}, "kind"),
        ("12345678", {"details": []}, "details"),
        ("12345678", {"submittedBy": ""}, "submittedBy"),
        ("12345678", {"colour": "red"}, "colour"),
    ],
)
def test_bad_submissions(sandbox: Sandbox, key: str, changed: dict[str, Any], field: str) -> None:
    answer = submit(sandbox, key, **changed)
    assert answer.status_code == 400
    assert field in answer.json()["error"]["message"]


def test_the_feed_is_read_in_pages(sandbox: Sandbox) -> None:
    before = newest(sandbox)
    for _ in range(3):
        submit(sandbox, uuid4().hex)
    seen, after = [], before
    while True:
        feed = sandbox.http.get("/v1/changes", params={"after": after, "limit": 2}).json()
        if not feed["items"]:
            break
        seen += [item["seq"] for item in feed["items"]]
        after = feed["next"]
    assert seen == [before + 1, before + 2, before + 3]
    assert sandbox.http.get("/v1/changes?after=-1").status_code == 400
    assert sandbox.http.get("/v1/changes?limit=x").status_code == 400


def test_invoices_and_payments_change_the_balance(sandbox: Sandbox) -> None:
    client = "0010012"
    before = newest(sandbox)
    [old] = sandbox.page("balances", "client", client)
    [contract] = sandbox.page("contracts", "client", client)
    body = {
        "clientNumber": client, "contractNumber": contract["number"], "issueDate": "2026-11-01",
        "dueDate": "2026-11-15",
        "net": "1000.00", "vatRate": "23.00",
    }  # fmt: skip
    answer = sandbox.http.post("/sandbox/invoices", json=body)
    assert answer.status_code == 201
    invoice = answer.json()
    assert (invoice["gross"], invoice["amountDue"], invoice["state"]) == ("1230.00", "1230.00", "OPEN")
    payment = {"clientNumber": client, "amount": "1300.00", "currency": "PLN", "bookedOn": "2026-11-20"}
    too_much = payment | {"allocate": [{"invoiceId": invoice["id"], "amount": "1230.01"}]}
    assert sandbox.http.post("/sandbox/payments", json=too_much).status_code == 400
    [open_one] = sandbox.page("balances", "client", client)
    assert float(open_one["overdue"]) - float(old["overdue"]) == 1230
    booked = sandbox.post(
        "/sandbox/payments", payment | {"allocate": [{"invoiceId": invoice["id"], "amount": "1230.00"}]}
    )
    assert (booked["allocatedAmount"], booked["unallocatedAmount"]) == ("1230.00", "70.00")
    paid = sandbox.invoice(invoice["id"])
    assert (paid["state"], paid["amountDue"], paid["paidOn"]) == ("PAID", "0.00", "2026-11-20")
    [allocation] = sandbox.page("allocations", "payment", booked["id"], first=None)
    [told] = sandbox.page("notifications", "client", client, first=1)
    assert told["invoiceNumber"] == invoice["number"]
    assert changes_behind(sandbox, before) == [
        ("invoices", invoice["id"], client), ("notifications", told["id"], client),
        ("payments", booked["id"], client),
        ("allocations", allocation["id"], client), ("invoices", invoice["id"], client),
    ]  # fmt: skip
    [new] = sandbox.page("balances", "client", client)
    assert (new["open"], float(new["unallocatedCredit"]) - float(old["unallocatedCredit"])) == (
        old["open"],
        70,
    )


def test_accounts_can_be_changed(sandbox: Sandbox) -> None:
    before = newest(sandbox)
    change = {"email": "nowy@example.com", "firstName": "Żaneta", "clientNumbers": ["0010011", "0010012"]}
    account = sandbox.http.put("/sandbox/accounts/0010011", json=change).json()
    assert {name: account[name] for name in change} == change
    assert account["displayName"].startswith("Żaneta ")
    assert sandbox.post("/v1/accounts/get", {"by": "login", "keys": ["0010011"]})["results"] == [account]
    assert changes_behind(sandbox, before) == [("accounts", "0010011", "0010011")]
    assert sandbox.http.put("/sandbox/accounts/nobody", json=change).status_code == 404
    assert sandbox.http.put("/sandbox/accounts/0010011", json={"clientNumbers": ["1"]}).status_code == 400


def test_writes_and_mail_outlive_a_restart(tmp_path: Path) -> None:
    port, smtp_port = free_ports(2)
    record: dict[str, Any] = {}
    for status in (201, 200):
        process = start(tmp_path, port, smtp_port)
        answer = httpx2.post(
            f"http://127.0.0.1:{port}/v1/requests",
            json=SUBMISSION,
            headers={"Authorization": f"Bearer {KEY}", "Idempotency-Key": "over-a-restart"},
        )
        assert answer.status_code == status
        record = record or answer.json()
        assert answer.json() == record
        assert stop(process) == 0
