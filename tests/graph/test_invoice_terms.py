"""What an invoice charges, where KSeF has it, and how to pay it, through the public door."""

import base64
import xml.etree.ElementTree as ET
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from stdnum import iban

from tests.harness.person import Person
from tests.harness.processes import Sandbox

QUERY = """query($number: String!) { client(number: $number) { accounts { iban currency bank }
  invoices(first: 60) { nodes {
    number kind issueDate amountDue { amount currency } net { amount } vat { amount } gross { amount }
    vatSummary { rate net { amount } vat { amount } gross { amount } }
    lines { number name quantity unit unitNet { amount } vatRate net { amount currency } }
    documents { kind sha256 }
    ksef { number mode acceptedAt verificationUrl qrSvg }
    payment { account recipient title zbpQrPayload qrSvg ksefNumberForTransfer splitPayment
      vatShare { amount currency } } } } } }"""


@pytest.fixture(scope="module", params=["0010001", "0010002", "0010005"])
def client(request: pytest.FixtureRequest, anybody: Callable[[str], Person]) -> Any:
    return anybody(request.param).data(QUERY, number=request.param)["client"]


def total(parts: Any, of: str) -> Decimal:
    return sum((Decimal(part[of]["amount"]) for part in parts), Decimal(0))


def test_lines_and_rates_add_up(client: Any) -> None:
    for invoice in client["invoices"]["nodes"]:
        for of in ("net", "vat", "gross"):
            assert total(invoice["vatSummary"], of) == Decimal(invoice[of]["amount"])
        lines = invoice["lines"]
        assert total(lines, "net") == Decimal(invoice["net"]["amount"])
        assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
        assert {line["vatRate"] for line in lines} == {each["rate"] for each in invoice["vatSummary"]}
        for line in lines:
            assert Decimal(line["quantity"]) * Decimal(line["unitNet"]["amount"]) == Decimal(
                line["net"]["amount"]
            )
            assert line["name"]


def test_the_link_holds_the_hash_of_the_document(client: Any) -> None:
    """The ERP's hash is that of the store's KSEF_XML; what is not in KSeF has neither."""
    in_ksef = 0
    for invoice in client["invoices"]["nodes"]:
        hashes = [each["sha256"] for each in invoice["documents"] if each["kind"] == "KSEF_XML"]
        ksef = invoice["ksef"]
        assert (ksef is not None) == bool(hashes)
        if ksef is None:
            continue
        in_ksef += 1
        year, month, day = invoice["issueDate"].split("-")
        start, _, digest = ksef["verificationUrl"].rpartition("/")
        assert start == f"https://qr.ksef.mf.gov.pl/invoice/5252310027/{day}-{month}-{year}"
        assert base64.urlsafe_b64decode(digest + "=").hex() == hashes[0]
        assert ksef["number"].startswith(f"5252310027-{year}{month}{day}-")
        assert ksef["acceptedAt"].startswith(invoice["issueDate"])
        assert ET.fromstring(ksef["qrSvg"]).tag.endswith("svg")  # noqa: S314
    assert in_ksef


def test_how_to_pay(client: Any) -> None:
    accounts = {each["currency"]: each["iban"] for each in client["accounts"]}
    assert all(iban.is_valid(each) and each.startswith("PL") for each in accounts.values())
    for invoice in client["invoices"]["nodes"]:
        payment, due = invoice["payment"], invoice["amountDue"]
        assert (payment is None) == (invoice["kind"] == "CORRECTION")
        if payment is None:
            continue
        assert payment["account"] == accounts[due["currency"]]
        assert payment["title"] == invoice["number"]
        assert payment["ksefNumberForTransfer"] is None, "not before 2027"
        if due["currency"] == "PLN" and Decimal(due["amount"]) > 0:
            grosze = f"{int(Decimal(due['amount']) * 100):06d}"
            account = payment["account"].removeprefix("PL")
            expected = f"5252310027|PL|{account}|{grosze}|{payment['recipient']}|{invoice['number']}|||"
            assert payment["zbpQrPayload"] == expected
            assert ET.fromstring(payment["qrSvg"]).tag.endswith("svg")  # noqa: S314
            assert 0 <= Decimal(payment["vatShare"]["amount"]) <= Decimal(invoice["vat"]["amount"])
        else:
            assert [payment[name] for name in ("zbpQrPayload", "qrSvg", "vatShare")] == [None] * 3


def test_split_payment_is_the_erps_to_say(anybody: Callable[[str], Person]) -> None:
    """The initial fee of a large contract; paid, so that no share is left."""
    query = """{ client(number: "0010005") { invoices(first: 60, filter: { kinds: [INITIAL_FEE] }) { nodes {
        gross { amount } payment { splitPayment vatShare { amount } } } } } }"""
    (fee,) = anybody("0010005").data(query)["client"]["invoices"]["nodes"]
    assert fee == {"gross": {"amount": "29520.00"}, "payment": {"splitPayment": True, "vatShare": None}}


def test_the_worked_invoice(anybody: Callable[[str], Person]) -> None:
    query = """{ invoice(number: "FV/2026/0000037") { ksef { number }
        payment { zbpQrPayload vatShare { amount currency } } } }"""
    assert anybody("0010001").data(query)["invoice"] == {
        "ksef": {"number": "5252310027-20261013-97CF65C3EF09-62"},
        "payment": {
            "zbpQrPayload": "5252310027|PL|73999000091043900000010001|146000|Kompas Leasing S.A.|"
            "FV/2026/0000037|||",
            "vatShare": {"amount": "273.01", "currency": "PLN"},
        },
    }


def test_from_2027_on_by_the_records_day(anybody: Callable[[str], Person], backoffice: Sandbox) -> None:
    query = """{ invoice(number: "FV/2026/0000037") { ksef { number } payment { ksefNumberForTransfer } } }"""
    backoffice.ask("PUT", "/sandbox/today", {"date": "2027-01-01"})
    try:
        invoice = anybody("0010001").data(query)["invoice"]
    finally:
        backoffice.ask("PUT", "/sandbox/today", {"date": "2026-11-22"})
    assert invoice["payment"]["ksefNumberForTransfer"] == invoice["ksef"]["number"]


WIDE = """query($first: Int) { viewer { clients { nodes { accounts { iban } contracts { nodes {
  amountDue { amount } overdue { amount } invoices(first: $first) { nodes {
    lines { name } amountDueExplanation { text english: text(language: EN) document { number }
    payment { bookedOn } } ksef { number verificationUrl } payment { account zbpQrPayload } } } } } } } } }"""


@pytest.mark.parametrize("login", ["0010003", "0010004", "0010010"])
@pytest.mark.parametrize("first", [2, 40])
def test_each_relation_is_one_call(
    first: int, login: str, anybody: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = anybody(login)
    with backoffice.calls() as calls:
        person.data(WIDE, first=first)
    asked = [(call["path"], call["by"]) for call in calls]
    assert len(asked) == len(set(asked)), asked
    assert {
        ("/v1/virtual-accounts/list", "client"),
        ("/v1/contract-balances/get", "contract"),
        ("/v1/invoice-lines/list", "invoice"),
        ("/v1/allocations/list", "invoice"),
    } <= set(asked)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/invoice-lines/list", {"lines"}),
        ("/v1/allocations/list", {"amountDueExplanation"}),
        ("/v1/contract-balances/get", {"amountDue", "overdue"}),
        ("/v1/virtual-accounts/list", {"accounts"}),
    ],
)
def test_a_relation_that_fails_costs_its_own_fields(
    path: str, fields: set[str], anybody: Callable[[str], Person], backoffice: Sandbox
) -> None:
    query = """{ client(number: "0010001") { accounts { iban } contracts { nodes { amountDue { amount }
        overdue { amount } invoices(first: 2) { nodes { lines { name } amountDueExplanation { kind }
        vatSummary { rate } ksef { number } } } } } } }"""
    person = anybody("0010001")
    assert "errors" not in person.ask(query)
    with backoffice.fault(path, status=503):
        answer = person.ask(query)
    assert {error["path"][-1] for error in answer["errors"]} == fields
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UPSTREAM_UNAVAILABLE"}
    for contract in answer["data"]["client"]["contracts"]["nodes"]:
        assert all(each["vatSummary"] and each["ksef"] for each in contract["invoices"]["nodes"])
