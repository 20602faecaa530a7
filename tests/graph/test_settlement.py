"""What a client owes and why, through the public door: it adds up, and it is what the ERP says."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox

NAMED = [f"{number:07d}" for number in range(10_001, 10_016) if number not in (10_011, 10_012)]
INVOICES = """query($number: String!, $after: String) { client(number: $number) { page: invoices(
  first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    amountDue { amount currency } contract { number } } } } }"""
PAYMENTS = """query($number: String!, $after: String) { client(number: $number) { page: payments(
  first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    unallocatedAmount { amount currency } } } } }"""
CLIENTS = """{ viewer { clients { nodes { number balances { currency net { amount } }
  contracts(first: 100) { nodes { amountDue { amount currency } overdue { amount } } } } } } }"""
EXPLAINED = """query($number: String!) { client(number: $number) { invoices(first: 60) { nodes {
  number kind status flags gross { amount } amountDue { amount currency } expectedUpdateBy
  dunning { level sentOn fee { amount currency } }
  amountDueExplanation { kind amount { amount currency } on text english: text(language: EN)
    document { number } payment { bookedOn } } } } } }"""


def all_of(person: Person, query: str, number: str) -> Iterator[dict[str, Any]]:
    """Every item of a list, page after page; one that can't be read is left out."""
    after = None
    while True:
        page = person.ask(query, number=number, after=after)["data"]["client"]["page"]
        yield from (node for node in page["nodes"] if node is not None)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("login", NAMED)
def test_the_sum_of_what_is_due_is_the_erps_receivable(
    login: str, anybody: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = anybody(login)
    for client in person.data(CLIENTS)["viewer"]["clients"]["nodes"]:
        number = client["number"]
        net: dict[str, Decimal] = defaultdict(Decimal)
        on_contracts: dict[str, Decimal] = defaultdict(Decimal)
        for invoice in all_of(person, INVOICES, number):
            currency, due = invoice["amountDue"]["currency"], Decimal(invoice["amountDue"]["amount"])
            net[currency] += due
            on_contracts[currency] += due if invoice["contract"] else 0
        by_contract: dict[str, Decimal] = defaultdict(Decimal)
        if number != "0010008":  # its contracts are more than a page
            for contract in client["contracts"]["nodes"]:
                open_, overdue = contract["amountDue"], contract["overdue"]
                assert 0 <= Decimal(overdue["amount"]) <= Decimal(open_["amount"])
                by_contract[open_["currency"]] += Decimal(open_["amount"])
            assert {k: v for k, v in by_contract.items() if v} == {k: v for k, v in on_contracts.items() if v}
        for payment in all_of(person, PAYMENTS, number):
            net[payment["unallocatedAmount"]["currency"]] -= Decimal(payment["unallocatedAmount"]["amount"])
        graphs = {each["currency"]: Decimal(each["net"]["amount"]) for each in client["balances"]}
        erps = {
            each["currency"]: Decimal(each["receivable"])
            for each in backoffice.page("balances", "client", number)
        }
        assert {currency: net[currency] for currency in graphs} == graphs == erps
        assert set(net) <= set(graphs)


@pytest.mark.parametrize("login", ["0010001", "0010002", "0010003", "0010004", "0010005", "0010006"])
def test_every_explanation_sums_up(login: str, anybody: Callable[[str], Person]) -> None:
    for invoice in anybody(login).data(EXPLAINED, number=login)["client"]["invoices"]["nodes"]:
        lines = invoice["amountDueExplanation"]
        assert (lines[0]["kind"], lines[0]["amount"]["amount"]) == ("GROSS", invoice["gross"]["amount"])
        assert (lines[-1]["kind"], lines[-1]["amount"]) == ("AMOUNT_DUE", invoice["amountDue"])
        assert sum(Decimal(line["amount"]["amount"]) for line in lines[:-1]) == Decimal(
            lines[-1]["amount"]["amount"]
        )
        assert {line["kind"] for line in lines}.isdisjoint({"OTHER", "UNKNOWN"})
        assert all(line["text"] and line["english"] for line in lines)
        assert (invoice["dunning"] is not None) == ("IN_DUNNING" in invoice["flags"])


@pytest.fixture(scope="module")
def explained(anybody: Callable[[str], Person]) -> Callable[[str], dict[str, Any]]:
    """A client's invoices by number."""

    def of(login: str) -> dict[str, Any]:
        found = anybody(login).data(EXPLAINED, number=login)["client"]["invoices"]["nodes"]
        return {invoice["number"]: invoice for invoice in found}

    return of


def told(invoice: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["amount"]["amount"], line["text"]) for line in invoice["amountDueExplanation"]]


def test_the_worked_numbers_explained(explained: Callable[[str], dict[str, Any]]) -> None:
    invoices = explained("0010001")
    assert told(invoices["FV/2026/0000037"]) == [
        ("2460.00", "Kwota brutto: FV/2026/0000037 z 2026-10-13"),
        ("-1000.00", "Zaliczono wpłatę z 2026-11-02"),
        ("1460.00", "Kwota do zapłaty na dzień 2026-11-22"),
    ]
    corrected = invoices["FV/2026/0000038"]
    assert told(corrected)[1] == (
        "-615.00",
        "Faktura korygująca FK/2026/0000039 z 2026-11-20: Korekta opłaty za obsługę",
    )
    assert corrected["amountDueExplanation"][1]["document"] == {"number": "FK/2026/0000039"}
    correction = invoices["FK/2026/0000039"]["amountDueExplanation"]
    assert [line["kind"] for line in correction] == ["GROSS", "COUNTED_ON_CORRECTED", "AMOUNT_DUE"]
    assert correction[1]["english"] == "Correction counted on invoice FV/2026/0000038"


def test_an_overpayment_explained(explained: Callable[[str], dict[str, Any]]) -> None:
    (partly,) = [
        each
        for each in explained("0010004").values()
        if "OVERPAYMENT" in [line["kind"] for line in each["amountDueExplanation"]]
    ]
    assert told(partly)[1:] == [
        ("-300.00", "Rozliczono nadpłatę z wpłaty z 2026-10-13 (dnia 2026-11-11)"),
        ("-50.00", "Kompensata z 2026-11-12"),
        ("880.00", "Kwota do zapłaty na dzień 2026-11-22"),
    ]
    assert partly["amountDueExplanation"][1]["payment"] == {"bookedOn": "2026-10-13"}


def test_a_payment_in_transit_says_by_when(explained: Callable[[str], dict[str, Any]]) -> None:
    """Booked on 21 November; 48 hours from its midnight in Warsaw."""
    found = {"PAYMENT_IN_TRANSIT" in each["flags"]: each for each in explained("0010006").values()}
    assert found[True]["expectedUpdateBy"] == "2026-11-22T23:00:00Z"
    assert found[True]["status"] == "OVERDUE", "PAID is the ERP's to say"
    assert found[False]["expectedUpdateBy"] is None


def test_dunning(explained: Callable[[str], dict[str, Any]]) -> None:
    reminders = [each["dunning"] for each in explained("0010005").values() if each["dunning"]]
    assert [reminder["level"] for reminder in reminders][:3] == [1, 2, 3]
    assert reminders[1] == {
        "level": 2,
        "sentOn": "2026-11-01",
        "fee": {"amount": "25.00", "currency": "PLN"},
    }
