"""The worked numbers and the named cases, over the wire."""

from datetime import date, timedelta
from decimal import Decimal

import httpx2
import pytest

from tests.sandbox.backoffice import TODAY, Sandbox

EMPTY_BALANCE = {"open": "0.00", "overdue": "0.00", "unallocatedCredit": "0.00", "receivable": "0.00"}


def balance(sandbox: Sandbox, client: str) -> dict[str, dict[str, str]]:
    items = sandbox.page("balances", "client", client)
    return {item["currency"]: {key: item[key] for key in EMPTY_BALANCE} for item in items}


def by_gross(sandbox: Sandbox, gross: str, **which: object) -> list[dict[str, object]]:
    found = sandbox.page("invoices", "client", "0010001")
    return [
        one
        for one in found
        if one["gross"] == gross and all(one[key] == value for key, value in which.items())
    ]


def test_worked_balance(sandbox: Sandbox) -> None:
    assert balance(sandbox, "0010001") == {
        "PLN": {
            "open": "3305.00",
            "overdue": "1460.00",
            "unallocatedCredit": "77.00",
            "receivable": "3228.00",
        }
    }


def test_worked_invoices(sandbox: Sandbox) -> None:
    [part_paid] = by_gross(sandbox, "2460.00", corrected=False)
    assert part_paid["dueDate"] == "2026-10-27"
    assert (part_paid["settledAmount"], part_paid["amountDue"], part_paid["state"]) == (
        "1000.00",
        "1460.00",
        "OPEN",
    )
    [corrected] = by_gross(sandbox, "2460.00", corrected=True)
    assert str(corrected["dueDate"]) > TODAY
    assert (corrected["settledAmount"], corrected["amountDue"], corrected["fullyReversed"]) == (
        "615.00",
        "1845.00",
        False,
    )
    [overpaid] = by_gross(sandbox, "123.00")
    assert (overpaid["settledAmount"], overpaid["amountDue"], overpaid["state"]) == ("123.00", "0.00", "PAID")
    open_ones = sandbox.page("invoices", "client", "0010001", filter={"states": ["OPEN"]})
    assert [one["id"] for one in open_ones] == [corrected["id"], part_paid["id"]]


def test_a_correction_counts_once(sandbox: Sandbox) -> None:
    [corrected] = by_gross(sandbox, "2460.00", corrected=True)
    key = str(corrected["id"])
    [correction] = sandbox.page("invoices", "correctionOf", key)
    assert (correction["kind"], correction["gross"], correction["amountDue"]) == (
        "CORRECTION",
        "-615.00",
        "0.00",
    )
    [allocation] = sandbox.page("allocations", "invoice", key, first=None)
    assert allocation["kind"] == "CORRECTION"
    assert (allocation["amount"], allocation["creditInvoiceId"]) == ("615.00", correction["id"])


def test_worked_schedule(sandbox: Sandbox) -> None:
    contracts = sandbox.page("contracts", "client", "0010001")
    assert len(contracts) == 2
    [contract] = [each for each in contracts if each["assetValue"] == "100000.00"]
    revised, original = sandbox.page("schedules", "contract", contract["id"], first=None)
    assert (original["version"], revised["version"], revised["reason"]) == (1, 2, "INDEX_REVISION")
    assert (original["supersededOn"], revised["supersededOn"]) == (revised["effectiveFrom"], None)
    assert original["totals"] == {
        "net": "99147.60", "capital": "89000.00", "interest": "10147.60", "vat": "22803.89",
        "gross": "121951.49",
    }  # fmt: skip
    rows = sandbox.page("instalments", "schedule", original["id"], first=None)
    assert [row["number"] for row in rows] == list(range(37))
    assert [row["kind"] for row in (rows[0], rows[1], rows[35], rows[36])] == [
        "INITIAL",
        "REGULAR",
        "REGULAR",
        "RESIDUAL",
    ]
    first = rows[1]
    amounts = [first[key] for key in ("net", "capital", "interest", "vat", "gross")]
    assert amounts == ["2832.79", "2292.79", "540.00", "651.54", "3484.33"]
    assert rows[35]["net"] == "2832.74"
    assert rows[12]["outstandingCapitalAfter"] == "61560.17"
    regular = [row for row in rows if row["kind"] == "REGULAR"]
    for key in ("net", "capital", "interest", "vat", "gross"):
        assert sum(Decimal(row[key]) for row in regular) == Decimal(original["totals"][key])
    revised_rows = sandbox.page("instalments", "schedule", revised["id"], first=None)
    assert revised_rows[13]["net"] == "2811.59"
    assert [row["net"] for row in revised_rows[:13]] == [row["net"] for row in rows[:13]]


def test_settled_instalments_lead_to_their_invoices(sandbox: Sandbox) -> None:
    rows = sandbox.page("instalments", "schedule", "102", first=None)
    for row in rows[1:13]:
        invoice = sandbox.invoice(row["invoiceNumber"], by="number")
        assert (row["status"], invoice["state"], invoice["kind"]) == ("SETTLED", "PAID", "INSTALMENT")
        assert (invoice["gross"], invoice["dueDate"]) == (row["gross"], row["dueDate"])
    assert {(row["status"], row["invoiceNumber"]) for row in rows[13:]} == {("PLANNED", None)}


def test_balances_follow_the_clock(sandbox: Sandbox) -> None:
    sandbox.http.put("/sandbox/today", json={"date": "2026-12-03"})
    assert balance(sandbox, "0010001")["PLN"]["overdue"] == "3305.00"
    assert sandbox.http.get("/v1/health").json() == {"status": "ok", "today": "2026-12-03"}
    assert sandbox.page("contracts", "client", "0010001")[0]["asOf"] == "2026-12-03T12:00:00Z"


def test_balances_are_the_sums_of_the_invoices(sandbox: Sandbox) -> None:
    for number in range(10_001, 10_016):
        client = f"{number:07d}"
        if client == "0010008":
            continue
        due: dict[str, Decimal] = {}
        for invoice in sandbox.page("invoices", "client", client):
            due[invoice["currency"]] = due.get(invoice["currency"], Decimal()) + Decimal(invoice["amountDue"])
        credit: dict[str, Decimal] = {}
        for payment in sandbox.page("payments", "client", client):
            unallocated = Decimal(payment["unallocatedAmount"])
            credit[payment["currency"]] = credit.get(payment["currency"], Decimal()) + unallocated
        for currency, figures in balance(sandbox, client).items():
            assert Decimal(figures["open"]) == due.get(currency, 0)
            assert Decimal(figures["receivable"]) == due.get(currency, Decimal()) - credit.get(
                currency, Decimal()
            )


def test_the_other_named_clients(sandbox: Sandbox) -> None:
    assert set(balance(sandbox, "0010002")) == {"EUR", "PLN"}
    flags = sandbox.page("invoices", "client", "0010003")
    assert any(one["corrected"] and not one["fullyReversed"] for one in flags)
    assert any(one["fullyReversed"] for one in flags)
    overpaid = balance(sandbox, "0010004")["PLN"]
    assert Decimal(overpaid["unallocatedCredit"]) > Decimal(overpaid["open"]) > 0
    late = sandbox.page("invoices", "client", "0010005", filter={"states": ["OPEN"]})
    assert len([one for one in late if one["inDunning"] and one["dueDate"] < TODAY]) >= 3
    assert any(one["kind"] == "INTEREST_NOTE" for one in late)
    transit = [
        one["paymentInTransit"]
        for one in sandbox.page("invoices", "client", "0010006")
        if one["paymentInTransit"]
    ]
    yesterday = (date.fromisoformat(TODAY) - timedelta(1)).isoformat()
    assert transit == [{"bookedOn": yesterday, "amount": "1845.00"}]
    [contract] = sandbox.page("contracts", "client", "0010007")
    assert len(sandbox.page("schedules", "contract", contract["id"], first=None)) == 4
    assert sandbox.page("contracts", "client", "0010013") == []
    assert balance(sandbox, "0010013") == {"PLN": EMPTY_BALANCE}
    statuses = {one["status"] for one in sandbox.page("contracts", "client", "0010014")}
    assert statuses >= {"COMPLETED", "BOUGHT_OUT", "TERMINATED_EARLY", "TERMINATED_FOR_CAUSE"}


def test_one_malformed_record(sandbox: Sandbox) -> None:
    items = sandbox.page("invoices", "client", "0010009")
    broken = [one for one in items if one["net"] == "n/a"]
    assert [one["issueDate"] for one in broken] == ["00.00.0000"]
    assert broken[0] == items[-1]
    assert all(one["issueDate"] > "2020" for one in items[:-1])


def test_accounts(sandbox: Sandbox) -> None:
    keys = [f"{number:07d}" for number in range(10_001, 10_016)]
    accounts = sandbox.post("/v1/accounts/get", {"by": "login", "keys": keys})["results"]
    clients = sandbox.post("/v1/clients/get", {"by": "number", "keys": keys})["results"]
    assert [one["login"] for one in accounts] == keys
    assert [one["email"] for one in accounts] == [one["einvoiceEmail"] for one in clients]
    assert accounts[9]["clientNumbers"] == ["0010010", "0010011", "0010012"]
    assert accounts[14]["displayName"] == "Małgorzata Kowalska-Wiśniewska"
    assert clients[14]["name"] == 'Przedsiębiorstwo Handlowo-Usługowe "Żółta Łódź" Sp. z o.o.'


def test_demo_lists_the_named_clients_to_anybody(sandbox: Sandbox) -> None:
    demo = httpx2.get(f"{sandbox.url}/demo.json").json()
    assert demo["today"] == TODAY
    assert [each["number"] for each in demo["clients"]] == [
        f"{number:07d}" for number in range(10_001, 10_016)
    ]
    assert all(set(each) == {"number", "name", "label", "email"} for each in demo["clients"])
    for page in demo["pages"].values():
        assert httpx2.get(f"{sandbox.url}{page}").status_code == 200


@pytest.mark.parametrize("path", ["/v1/health", "/documents/v1/health", "/mail/v1/health"])
def test_health(sandbox: Sandbox, path: str) -> None:
    assert sandbox.http.get(path).json() == {"status": "ok", "today": TODAY}
