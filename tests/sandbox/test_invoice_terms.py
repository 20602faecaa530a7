"""What an invoice's record says beside its figures, and the records beside it, over the wire."""

import hashlib
from collections import Counter
from decimal import Decimal

from stdnum import iban
from stdnum.pl import nip

from tests.sandbox.backoffice import Sandbox

CLIENTS = ["0010001", "0010002", "0010003", "0010005", "0010009", "0010014"]


def test_the_hash_is_that_of_the_xml(sandbox: Sandbox) -> None:
    entries = {one["id"]: one["ksef"] for one in sandbox.page("invoices", "client", "0010001") if one["ksef"]}
    assert len(entries) > 5
    for key, entry in entries.items():
        xml = sandbox.http.get(f"/documents/v1/content/X{key}").content
        assert hashlib.sha256(xml).hexdigest() == entry["xmlSha256"]
        assert f"<NIP>{entry['sellerNip']}</NIP>".encode() in xml
        assert nip.is_valid(entry["sellerNip"])


def test_an_invoice_booked_now_has_them_too(sandbox: Sandbox) -> None:
    new = {"clientNumber": "0010014", "issueDate": "2026-11-22", "dueDate": "2026-12-06", "net": "20000.00"}
    invoice = sandbox.post("/sandbox/invoices", new)
    assert invoice["vatSummary"] == [
        {"rate": "23.00", "net": "20000.00", "vat": "4600.00", "gross": "24600.00"}
    ]
    assert invoice["transfer"]["splitPayment"] is True
    xml = sandbox.http.get(f"/documents/v1/content/X{invoice['id']}").content
    assert hashlib.sha256(xml).hexdigest() == invoice["ksef"]["xmlSha256"]


def test_account_numbers_pass_their_check(sandbox: Sandbox) -> None:
    body = {"by": "client", "keys": CLIENTS}
    pages = sandbox.post("/v1/virtual-accounts/list", body)["results"]
    accounts = {(one["clientNumber"], one["currency"]): one["nrb"] for page in pages for one in page["items"]}
    assert {("0010002", "EUR"), ("0010002", "PLN")} <= set(accounts)
    assert len(set(accounts.values())) == len(accounts), "an account tells whose money it is"
    assert all(len(number) == 26 and iban.is_valid(f"PL{number}") for number in accounts.values())
    for client in CLIENTS:
        for invoice in sandbox.page("invoices", "client", client):
            if invoice["transfer"]:
                assert invoice["transfer"]["account"] == accounts[client, invoice["currency"]]
            else:
                assert invoice["kind"] == "CORRECTION" or invoice["state"] == "CANCELLED"


def test_lines_add_up(sandbox: Sandbox) -> None:
    for client in CLIENTS[:4]:
        invoices = sandbox.page("invoices", "client", client)
        body = {"by": "invoice", "keys": [one["id"] for one in invoices]}
        for invoice, page in zip(
            invoices, sandbox.post("/v1/invoice-lines/list", body)["results"], strict=True
        ):
            lines = page["items"]
            assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
            assert sum(Decimal(line["net"]) for line in lines) == Decimal(invoice["net"])
            for line in lines:
                assert Decimal(line["quantity"]) * Decimal(line["unitNet"]) == Decimal(line["net"])


def test_contract_balances_are_the_sums_of_their_invoices(sandbox: Sandbox) -> None:
    due: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    contracts = [one["number"] for client in CLIENTS for one in sandbox.page("contracts", "client", client)]
    for client in CLIENTS:
        for invoice in sandbox.page("invoices", "client", client):
            cents = int(Decimal(invoice["amountDue"]) * 100)
            due[invoice["contractNumber"]] += cents
            overdue[invoice["contractNumber"]] += cents if invoice["dueDate"] < "2026-11-22" else 0
    found = sandbox.post("/v1/contract-balances/get", {"by": "contract", "keys": contracts})["results"]
    for contract, balance in zip(contracts, found, strict=True):
        assert balance["contractNumber"] == contract
        assert int(Decimal(balance["open"]) * 100) == due[contract]
        assert int(Decimal(balance["overdue"]) * 100) == overdue[contract]
    assert any(due.values())
    assert any(overdue.values())
