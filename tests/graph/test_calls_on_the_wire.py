"""However wide a query is, each relation costs one back-office call a level: counted by the other side."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.person import Person
from tests.harness.processes import Sandbox

WIDE = """
query Wide($clients: Int, $contracts: Int, $invoices: Int) {
  viewer { clients(first: $clients) { nodes {
    name
    balances { currency }
    correspondence(first: 5) { nodes { subject } totalCount }
    documents(first: 5) { nodes { title download { url } } totalCount }
    contracts(first: $contracts) { totalCount nodes {
      number
      documents { title }
      schedule { version instalments { number invoice { number allocations { kind } } } }
      invoices(first: $invoices, filter: { issuedFrom: "2024-01-01" }) { totalCount nodes {
        number
        allocations { kind payment { amount { amount } } }
        documents { title }
        contract { number client { name } }
      } }
    } }
  } } }
}
"""

# (path, by) → the number of levels on which WIDE asks for that relation
AT_MOST: dict[tuple[str, str | None], int] = {
    ("/v1/clients/get", "number"): 1,  # the client of an invoice's contract is loaded already
    ("/v1/balances/list", "client"): 1,
    ("/mail/v1/list", "address"): 1,
    ("/mail/v1/count", "address"): 1,
    ("/v1/contracts/list", "client"): 1,
    ("/v1/contracts/count", "client"): 1,
    ("/documents/v1/list", "owner"): 2,
    ("/documents/v1/list", "client"): 1,
    ("/documents/v1/count", "client"): 1,
    ("/v1/schedules/list", "contract"): 1,
    ("/v1/instalments/list", "schedule"): 1,
    ("/v1/invoices/list", "contract"): 1,
    ("/v1/invoices/count", "contract"): 1,
    ("/v1/invoices/get", "number"): 1,
    ("/v1/allocations/list", "invoice"): 2,
    ("/v1/payments/get", "id"): 1,
    ("/v1/contracts/get", "number"): 1,
}


def counted(calls: list[dict[str, Any]]) -> Counter[tuple[str, str | None]]:
    return Counter((call["path"], call["by"]) for call in calls)


@pytest.mark.parametrize("login", ["0010010", "0010008"])
def test_at_most_one_call_per_relation_and_level(
    login: str, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = logged_in(login)
    with backoffice.calls() as calls:
        data = person.data(WIDE, clients=100, contracts=30, invoices=40)
    assert sum(len(client["contracts"]["nodes"]) for client in data["viewer"]["clients"]["nodes"]) >= 3
    found = counted(calls)
    assert set(found) <= set(AT_MOST)
    assert {call: count for call, count in found.items() if count > AT_MOST[call]} == {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clients=st.integers(1, 3), contracts=st.integers(1, 20), invoices=st.integers(1, 30))
def test_width_does_not_matter(
    logged_in: Callable[[str], Person], backoffice: Sandbox, clients: int, contracts: int, invoices: int
) -> None:
    person = logged_in("0010010")
    with backoffice.calls() as calls:
        person.data(WIDE, clients=clients, contracts=contracts, invoices=invoices)
    assert sum(counted(calls).values()) <= sum(AT_MOST.values())


def test_the_same_relation_asked_twice_alike_is_one_call(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    query = """{ viewer { clients { nodes {
        a: invoices(first: 3) { nodes { number } } b: invoices(first: 3) { nodes { dueDate } }
        c: invoices(first: 4) { nodes { number } } } } } }"""
    with backoffice.calls() as calls:
        logged_in("0010001").data(query)
    assert counted(calls)["/v1/invoices/list", "client"] == 2


def test_what_is_not_asked_for_costs_nothing(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    with backoffice.calls() as calls:
        logged_in("0010001").data("{ viewer { user { login } } }")
    assert calls == []


def test_policies_and_quotes_of_many_contracts_are_a_call_each(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    query = """{ viewer { clients { nodes { availableRequests { kind } contracts(first: 100) { nodes {
        number policies { number } availableRequests { kind fee { gross { amount } } } } } } } } }"""
    with backoffice.calls() as calls:
        data = logged_in("0010008").data(query)
    (client,) = data["viewer"]["clients"]["nodes"]
    assert len(client["contracts"]["nodes"]) == 100
    found = counted(calls)
    assert found["/v1/quotes/list", "contract"] == found["/v1/quotes/list", "client"] == 1
    assert found["/v1/policies/list", "contract"] == 1
    assert sum(found.values()) == 5
