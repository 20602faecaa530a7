"""One graph: the sandbox is the lease system, a real Tryton keeps the books."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.streams import open_socket
from tests.harness.tryton import CONTRACTS, Tryton
from tests.tryton.conftest import gateway_over

LOGIN, OTHER, PAYER = "0010001", "0010002", "0010006"
PAY = """
(invoice,) = Model.get("account.invoice").find([("party.code", "=", "0010006")])
(method,) = Model.get("account.invoice.payment.method").find([])
wizard = invoice.click("pay")
wizard.form.amount, wizard.form.payment_method = Decimal("23.00"), method
wizard.form.date = dt.date(2026, 11, 21)
wizard.execute("choice")
wizard.execute("pay")
"""
DOWNLOADS = """{ client(number: "0010001") { invoices { nodes { number download { url } } } } }"""
ODT = "application/vnd.oasis.opendocument.text"
WHOLE = """{ client(number: "0010001") { number name source { system }
  balances { currency open { amount } overdue { amount } unallocatedCredit { amount } net { amount } }
  payments { nodes { bookedOn amount { amount } unallocatedAmount { amount }
    allocations { kind amount { amount } } } }
  contracts { nodes { number source { system } amountDue { amount } overdue { amount }
    invoices(first: 20) { totalCount nodes {
      number kind status flags isPartiallySettled overdueDays dueDate paidOn
      source { system } contract { number source { system } }
      net { amount } gross { amount } settledAmount { amount } amountDue { amount }
      corrections { gross { amount } } correctionOf { gross { amount } } lines { name }
      amountDueExplanation { kind amount { amount } }
      allocations { kind amount { amount } } } } } } } }"""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox, tryton: Tryton) -> Iterator[Gateway]:
    gateway = gateway_over(tmp_path_factory.mktemp("with-tryton"), backoffice, tryton)
    yield gateway
    assert gateway.process.stop() == 0


@pytest.fixture(scope="module")
def person(both: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    with Person(both, backoffice) as somebody:
        somebody.enter(LOGIN)
        yield somebody


@pytest.fixture(scope="module")
def whole(person: Person) -> Any:
    return person.data(WHOLE)["client"]


def explained(invoice: Any) -> list[tuple[str, str]]:
    return [(line["kind"], line["amount"]["amount"]) for line in invoice["amountDueExplanation"]]


def test_worked_numbers(whole: Any) -> None:
    assert whole["source"] == {"system": "lease"}
    amounts = {key: value["amount"] for key, value in whole["balances"][0].items() if key != "currency"}
    assert amounts == {
        "open": "3305.00", "overdue": "1460.00", "unallocatedCredit": "77.00", "net": "3228.00",
    }  # fmt: skip
    second, first = sorted(whole["contracts"]["nodes"], key=lambda each: str(each["number"]), reverse=True)
    assert (first["number"], second["number"]) == CONTRACTS
    assert (first["amountDue"]["amount"], first["overdue"]["amount"]) == ("3305.00", "1460.00")
    assert second["amountDue"]["amount"] == "0.00"
    correction, corrected, part_paid = first["invoices"]["nodes"]
    (overpaid,) = second["invoices"]["nodes"]
    assert (part_paid["status"], part_paid["isPartiallySettled"]) == ("OVERDUE", True)
    assert part_paid["overdueDays"] == (date.today() - date(2026, 10, 27)).days  # noqa: DTZ011
    assert part_paid["flags"] == ["IN_DUNNING"]
    assert part_paid["lines"] == [{"name": "Rata 5/36"}]
    assert explained(part_paid) == [("GROSS", "2460.00"), ("PAYMENT", "-1000.00"), ("AMOUNT_DUE", "1460.00")]
    assert (corrected["status"], corrected["flags"]) == ("PARTIALLY_SETTLED", ["CORRECTED"])
    assert explained(corrected) == [
        ("GROSS", "2460.00"),
        ("CORRECTION", "-615.00"),
        ("AMOUNT_DUE", "1845.00"),
    ]
    assert corrected["corrections"] == [{"gross": {"amount": "-615.00"}}]
    assert correction["correctionOf"] == {"gross": {"amount": "2460.00"}}
    assert explained(correction)[1:] == [("COUNTED_ON_CORRECTED", "615.00"), ("AMOUNT_DUE", "0.00")]
    assert (overpaid["status"], overpaid["paidOn"]) == ("PAID", "2026-10-05")
    for contract in whole["contracts"]["nodes"]:
        for invoice in contract["invoices"]["nodes"]:
            assert invoice["source"] == {"system": "books"}
            assert invoice["contract"] == {"number": contract["number"], "source": {"system": "lease"}}
    _, payment = whole["payments"]["nodes"]
    assert (payment["amount"]["amount"], payment["unallocatedAmount"]["amount"]) == ("200.00", "77.00")


def test_conditions_and_pages(person: Person) -> None:
    query = """query ($filter: InvoiceFilter, $after: String, $order: InvoiceOrder) {
      client(number: "0010001") { invoices(first: 2, after: $after, filter: $filter, orderBy: $order) {
        totalCount pageInfo { hasNextPage endCursor } nodes { number } } } }"""

    def ask(**variables: Any) -> Any:
        return person.data(query, **variables)["client"]["invoices"]

    first = ask()
    second = ask(after=first["pageInfo"]["endCursor"])
    numbers = [each["number"] for page in (first, second) for each in page["nodes"]]
    assert (first["totalCount"], len(set(numbers)), len(numbers)) == (4, 4, 4)
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    overdue = ask(filter={"statuses": ["OVERDUE"]})
    assert (overdue["totalCount"], len(overdue["nodes"])) == (1, 1)
    answer = person.ask(query, order={"field": "DUE_DATE", "direction": "ASC"})
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UPSTREAM_CANNOT_ANSWER"
    assert error["extensions"]["upstream"] == "books"


def test_nobody_sees_the_books_of_another(person: Person, tryton: Tryton) -> None:
    paid = tryton.ask("account.invoice", [["party.code", "=", OTHER], ["state", "=", "paid"]], ["number"])
    assert paid
    for each in paid:
        query = "query ($number: String!) { invoice(number: $number) { number } }"
        assert person.data(query, number=each["number"]) == {"invoice": None}
    assert person.data(f'{{ client(number: "{OTHER}") {{ balances {{ currency }} }} }}') == {"client": None}


def test_an_invoice_as_tryton_prints_it(person: Person, both: Gateway, backoffice: Sandbox) -> None:
    invoice = person.data(DOWNLOADS)["client"]["invoices"]["nodes"][0]
    answer = person.browser.get(invoice["download"]["url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, ODT)
    name = f"Faktura {invoice['number'].replace('/', '-')}.odt"
    assert f'filename="{name}"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as document:
        assert document.read("mimetype").decode() == ODT
        assert invoice["number"] in document.read("content.xml").decode()
    with Person(both, backoffice) as other:
        other.enter(OTHER)
        assert other.browser.get(invoice["download"]["url"]).status_code == 404


async def test_open_streams_hear_of_a_payment(both: Gateway, backoffice: Sandbox, tryton: Tryton) -> None:
    query = "{ viewer { clients { nodes { invoices { nodes { number amountDue { amount } } } } } } }"
    with Person(both, backoffice) as person:
        person.enter(PAYER)
        (client,) = person.data(query)["viewer"]["clients"]["nodes"]
        (unpaid,) = client["invoices"]["nodes"]
        async with open_socket(both.url, person) as socket:
            await socket.initialise()
            await socket.subscribe("subscription { invoiceChanged { number amountDue { amount } } }")
            told = await socket.event(lambda: tryton.run(PAY))
            while told["data"]["invoiceChanged"] == unpaid:  # what the feed tells who begins with it
                told = (await socket.receive())["payload"]
    paid = told["data"]["invoiceChanged"]
    assert paid["number"] == unpaid["number"]
    assert Decimal(unpaid["amountDue"]["amount"]) - Decimal(paid["amountDue"]["amount"]) == 23


def test_without_tryton_only_the_books_are_missing(person: Person, tryton: Tryton, whole: Any) -> None:
    link = person.data(DOWNLOADS)["client"]["invoices"]["nodes"][0]["download"]["url"]
    tryton.process.stop()
    try:
        assert person.browser.get(link).status_code == 503
        answer = person.ask(WHOLE)
        client = answer["data"]["client"]
        assert (client["number"], client["name"]) == (LOGIN, whole["name"])
        assert [each["number"] for each in client["contracts"]["nodes"]] == [
            each["number"] for each in whole["contracts"]["nodes"]
        ]
        told = {each["path"][-1]: each["extensions"] for each in answer["errors"]}
        assert set(told) == {"balances", "payments", "invoices", "amountDue", "overdue"}
        assert {each["upstream"] for each in told.values()} == {"books"}
        # Who follows its changes may have opened the circuit by now.
        codes = {each["code"] for each in told.values()}
        assert codes <= {"UPSTREAM_UNAVAILABLE", "UPSTREAM_CIRCUIT_OPEN"}
    finally:
        tryton.restart()
    assert person.data_again(WHOLE)["client"] == whole
