"""Finding invoices and contracts: all that the back office holds is found, counted, and in order."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox

TODAY = "2026-11-22"
INVOICES = """query($filter: InvoiceFilter, $orderBy: InvoiceOrder, $first: Int = 100, $after: String) {
  viewer { clients(first: 1) { nodes {
    invoices(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      totalCount nodes { number status } pageInfo { hasNextPage endCursor } } } } } }"""
CONTRACTS = """query($filter: ContractFilter, $orderBy: ContractOrder, $after: String) {
  viewer { clients(first: 1) { nodes {
    contracts(filter: $filter, orderBy: $orderBy, first: 100, after: $after) {
      totalCount nodes { number startsOn endsOn assets { name ... on Vehicle { vin registrationNumber } } }
      pageInfo { endCursor } } } } } }"""

Record = dict[str, Any]
Holds = Callable[[Record], bool]


def found(person: Person, query: str = INVOICES, **variables: Any) -> Any:
    (client,) = person.data(query, **variables)["viewer"]["clients"]["nodes"]
    return client["invoices" if query is INVOICES else "contracts"]


def numbers(page: Any) -> list[str]:
    return [node["number"] for node in page["nodes"]]


def status(invoice: Record) -> str:
    if invoice["state"] != "OPEN":
        return str(invoice["state"])
    if Decimal(invoice["amountDue"]) > 0 and invoice["dueDate"] < TODAY:
        return "OVERDUE"
    part = Decimal(invoice["amountDue"]) > 0 and Decimal(invoice["settledAmount"]) > 0
    return "PARTIALLY_SETTLED" if part else "ISSUED"


FILTERS: dict[str, tuple[Record, Holds]] = {
    "paid": ({"statuses": ["PAID"]}, lambda each: status(each) == "PAID"),
    "overdue": ({"statuses": ["OVERDUE"]}, lambda each: status(each) == "OVERDUE"),
    "open": (
        {"statuses": ["PARTIALLY_SETTLED", "ISSUED", "OVERDUE"]},
        lambda each: status(each) in ("PARTIALLY_SETTLED", "ISSUED", "OVERDUE"),
    ),
    "cancelled": ({"statuses": ["CANCELLED"]}, lambda each: status(each) == "CANCELLED"),
    "amount": (
        {"currency": "PLN", "grossFrom": "123", "grossTo": "2460.00"},
        lambda each: each["currency"] == "PLN" and 123 <= Decimal(each["gross"]) <= 2460,
    ),
    "below zero": (
        {"currency": "PLN", "grossTo": "0"},
        lambda each: each["currency"] == "PLN" and Decimal(each["gross"]) <= 0,
    ),
    "from zero": (
        {"currency": "PLN", "grossFrom": "0.00"},
        lambda each: each["currency"] == "PLN" and Decimal(each["gross"]) >= 0,
    ),
    "currency": ({"currency": "EUR"}, lambda each: each["currency"] == "EUR"),
    "part of the number": ({"numberContains": " fv/2026 "}, lambda each: "FV/2026" in each["number"]),
    "due": (
        {"dueFrom": "2026-01-01", "dueTo": "2026-10-31", "kinds": ["INSTALMENT"]},
        lambda each: "2026-01-01" <= each["dueDate"] <= "2026-10-31" and each["kind"] == "INSTALMENT",
    ),
    "nothing given": ({"statuses": None, "number": None}, lambda _: True),
}


@pytest.mark.parametrize("login", ["0010001", "0010002", "0010003", "0010005"])
@pytest.mark.parametrize("name", FILTERS)
def test_invoices_by_condition(
    name: str, login: str, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    where, holds = FILTERS[name]
    expected = [each["number"] for each in backoffice.page("invoices", "client", login) if holds(each)]
    page = found(logged_in(login), filter=where)
    assert numbers(page) == expected
    assert page["totalCount"] == len(expected)
    if where.get("statuses"):
        assert {node["status"] for node in page["nodes"]} <= set(where["statuses"])


def test_each_condition_finds_something_somewhere(backoffice: Sandbox) -> None:
    """Else the test above would compare nothing with nothing."""
    clients = ["0010001", "0010002", "0010003", "0010005"]
    invoices = [each for client in clients for each in backoffice.page("invoices", "client", client)]
    found_by = {name: sum(map(holds, invoices)) for name, (_, holds) in FILTERS.items()}
    assert all(count for name, count in found_by.items() if name != "cancelled"), found_by


@pytest.mark.parametrize("key", ["number", "ksefNumber"])
def test_one_invoice_by_its_number(key: str, logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    invoice = next(each for each in backoffice.page("invoices", "client", "0010001") if each["ksef"])
    value = invoice["ksef"]["number"] if key == "ksefNumber" else invoice["number"]
    page = found(logged_in("0010001"), filter={key: f" {value} "})
    assert (numbers(page), page["totalCount"]) == ([invoice["number"]], 1)
    other = found(logged_in("0010002"), filter={key: value})
    assert (numbers(other), other["totalCount"]) == ([], 0)


def contract_with_a_vehicle(backoffice: Sandbox, client: str) -> tuple[Record, Record]:
    for contract in backoffice.page("contracts", "client", client):
        for asset in contract["assets"]:
            if asset["vin"]:
                return contract, asset
    raise AssertionError(f"{client} leases no vehicle")


def test_by_contract_and_by_vehicle(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    fleet, stranger = logged_in("0010008"), logged_in("0010001")
    contract, vehicle = contract_with_a_vehicle(backoffice, "0010008")
    expected = [each["number"] for each in backoffice.page("invoices", "contract", contract["number"])]
    assert expected
    for where in ({"contractNumber": contract["number"]}, {"vin": vehicle["vin"].lower()}):
        page = found(fleet, filter=where)
        assert numbers(page) == expected
        assert page["totalCount"] == len(expected)
        page = found(stranger, filter=where)
        assert (numbers(page), page["totalCount"]) == ([], 0)
    for where in (
        {"vin": vehicle["vin"]},
        {"registrationNumber": vehicle["registrationNumber"]},
        {"registrationNumber": vehicle["registrationNumber"].replace(" ", "").lower()},
    ):
        assert numbers(found(fleet, CONTRACTS, filter=where)) == [contract["number"]]
        assert numbers(found(stranger, CONTRACTS, filter=where)) == []


def test_contracts_by_asset(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    contracts = backoffice.page("contracts", "client", "0010008", first=1000)
    name = contracts[0]["assets"][0]["name"]
    expected = [each["number"] for each in contracts if name in each["assets"][0]["name"]]
    page = found(logged_in("0010008"), CONTRACTS, filter={"assetNameContains": name.upper()})
    assert (numbers(page), page["totalCount"]) == (expected, len(expected))
    assert 0 < len(expected) < len(contracts)


def test_contracts_in_order(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    person = logged_in("0010008")
    contracts = backoffice.page("contracts", "client", "0010008", first=1000)
    for field, column in (("STARTS_ON", "startsOn"), ("ENDS_ON", "endsOn")):
        for direction in ("ASC", "DESC"):
            order = {"field": field, "direction": direction}
            first = found(person, CONTRACTS, orderBy=order)
            rest = found(person, CONTRACTS, orderBy=order, after=first["pageInfo"]["endCursor"])
            ordered = sorted(
                contracts, key=lambda each: (each[column], int(each["id"])), reverse=direction == "DESC"
            )
            assert numbers(first) + numbers(rest) == [each["number"] for each in ordered]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["ISSUE_DATE", "DUE_DATE", "GROSS", "AMOUNT_DUE"])
def test_a_fleet_s_invoices_to_the_end_while_new_ones_arrive(
    field: str, direction: str, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person, fleet = logged_in("0010008"), "0010008"
    order = {"field": field, "direction": direction}
    where = {"currency": "PLN"}
    before = whole_list(backoffice, fleet)
    assert len(before) > 5_000
    seen: list[str] = []
    after: str | None = None
    while True:
        page = found(person, filter=where, orderBy=order, after=after)
        seen += numbers(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["nodes"]) == 100
        after = page["pageInfo"]["endCursor"]
        if len(seen) % 1_000 == 0:
            for issued, due, net in ((TODAY, "2026-12-06", "10.00"), ("2020-01-01", "2020-01-02", "900.00")):
                new = {"clientNumber": fleet, "issueDate": issued, "dueDate": due, "net": net}
                backoffice.ask("POST", "/sandbox/invoices", new)
    assert len(seen) == len(set(seen)), "an invoice came twice"
    known = {each["number"]: each for each in before}
    assert set(known) <= set(seen), "an invoice was left out"
    column = {"ISSUE_DATE": "issueDate", "DUE_DATE": "dueDate", "GROSS": "gross", "AMOUNT_DUE": "amountDue"}
    keys = [
        (sortable(known[number][column[field]]), int(known[number]["id"]))
        for number in seen
        if number in known
    ]
    assert keys == sorted(keys, reverse=direction == "DESC")


def sortable(value: str) -> Decimal | str:
    return value if value.count("-") == 2 else Decimal(value)


def whole_list(backoffice: Sandbox, client: str) -> list[Record]:
    seen: list[Record] = []
    after = None
    while True:
        question = {"by": "client", "keys": [client], "first": 1000, "after": after}
        (page,) = backoffice.ask("POST", "/v1/invoices/list", question)["results"]
        seen += page["items"]
        if not page["hasNext"]:
            return seen
        after = page["next"]


def test_a_cursor_of_another_order_is_refused(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010008")
    cursor = found(person, first=1)["pageInfo"]["endCursor"]
    for order in ({"field": "DUE_DATE"}, {"field": "ISSUE_DATE", "direction": "ASC"}):
        (error,) = person.ask(INVOICES, after=cursor, orderBy=order)["errors"]
        assert error["extensions"]["argument"] == "after"
        assert "another order" in error["message"]
        theirs = found(person, first=1, orderBy=order)["pageInfo"]["endCursor"]
        (error,) = person.ask(INVOICES, after=theirs)["errors"]
        assert "another order" in error["message"]
    contracts = found(person, CONTRACTS)["pageInfo"]["endCursor"]
    (error,) = person.ask(INVOICES, after=contracts)["errors"]
    assert "this list" in error["message"]


BAD: list[tuple[str, Record, str, str]] = [
    (INVOICES, {"filter": {"grossFrom": "1.00"}}, "filter.grossFrom", "filter.currency"),
    (INVOICES, {"filter": {"grossTo": "0"}}, "filter.grossTo", "filter.currency"),
    (INVOICES, {"filter": {"currency": "PLN", "grossFrom": "2", "grossTo": "1"}}, "filter.grossFrom", "more"),
    (INVOICES, {"filter": {"currency": "PLN", "grossFrom": "1.001"}}, "filter.grossFrom", "two"),
    (INVOICES, {"filter": {"currency": "PLN", "grossTo": "999999999999999"}}, "filter.grossTo", "12"),
    (INVOICES, {"filter": {"dueFrom": "2026-02-01", "dueTo": "2026-01-31"}}, "filter.dueFrom", "after"),
    (INVOICES, {"filter": {"numberContains": "FV"}}, "filter.numberContains", "3 to 40"),
    (INVOICES, {"filter": {"numberContains": "  F   "}}, "filter.numberContains", "it holds 1"),
    (INVOICES, {"filter": {"number": ""}}, "filter.number", "2 to 60"),
    (INVOICES, {"filter": {"vin": "WVWZZZ1KZ6W00000O"}}, "filter.vin", "17"),
    (INVOICES, {"filter": {"ksefNumber": "1234"}}, "filter.ksefNumber", "35"),
    (INVOICES, {"orderBy": {"field": "GROSS"}}, "orderBy", "filter.currency"),
    (INVOICES, {"orderBy": {"field": "AMOUNT_DUE", "direction": "ASC"}}, "orderBy", "filter.currency"),
    (CONTRACTS, {"filter": {"assetNameContains": "A"}}, "filter.assetNameContains", "3 to 40"),
    (CONTRACTS, {"filter": {"registrationNumber": "W-1"}}, "filter.registrationNumber", "4 to 8"),
    (CONTRACTS, {"filter": {"vin": "1"}}, "filter.vin", "17"),
]


@pytest.mark.parametrize(("query", "variables", "argument", "rule"), BAD)
def test_bad_input_names_argument_and_rule(
    query: str, variables: Record, argument: str, rule: str, logged_in: Callable[[str], Person]
) -> None:
    (error,) = logged_in("0010001").ask(query, **variables)["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["argument"] == argument
    assert rule in error["message"]


def test_a_forged_position_is_the_caller_s_error(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010001")
    order = {"field": "GROSS"}
    cursor = found(person, filter={"currency": "PLN"}, orderBy=order, first=1)["pageInfo"]["endCursor"]
    for forged in (cursor[:-4], cursor.swapcase(), "x"):
        (error,) = person.ask(INVOICES, filter={"currency": "PLN"}, orderBy=order, after=forged)["errors"]
        assert error["extensions"]["argument"] == "after"
