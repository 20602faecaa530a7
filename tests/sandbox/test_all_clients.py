"""Lists over every client: in order, to the end, by each condition."""

from typing import Any

import pytest

from tests.sandbox.backoffice import Sandbox


def everything(sandbox: Sandbox, collection: str, **rest: object) -> list[dict[str, Any]]:
    """The whole list, 15 at a time, checked against its count."""
    seen: list[dict[str, Any]] = []
    after = None
    while True:
        body = {"by": "all", "keys": ["*"], "first": 15, "after": after, **rest}
        [page] = sandbox.post(f"/v1/{collection}/list", body)["results"]
        seen += page["items"]
        if not page["hasNext"]:
            break
        after = page["next"]
    count = {"by": "all", "keys": ["*"], "filter": rest.get("filter") or {}}
    assert sandbox.post(f"/v1/{collection}/count", count)["results"] == [len(seen)]
    return seen


@pytest.fixture(scope="module")
def clients(process_sandbox: Sandbox) -> list[dict[str, Any]]:
    return everything(process_sandbox, "clients")


def test_clients_by_number(clients: list[dict[str, Any]]) -> None:
    numbers = [one["number"] for one in clients]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 35


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("numberStartsWith", lambda one: one["number"][:6]),
        ("numberStartsWith", lambda one: one["number"]),
        ("nameContains", lambda one: one["name"][1:9].swapcase()),
        ("nip", lambda one: one["nip"]),
        ("regon", lambda one: one["regon"]),
        ("krs", lambda one: one["krs"]),
        ("einvoiceEmail", lambda one: one["einvoiceEmail"].upper()),
    ],
)
def test_clients_by_condition(sandbox: Sandbox, clients: list[dict[str, Any]], name: str, of: Any) -> None:
    for client in (clients[0], next(one for one in clients[20:] if one["krs"])):
        value = of(client)
        expected = [one for one in clients if matches(one, name, value)]
        assert client in expected
        assert everything(sandbox, "clients", filter={name: value}) == expected
    assert everything(sandbox, "clients", filter={name: "9999999"}) == []


def matches(one: dict[str, Any], name: str, value: str) -> bool:
    if name == "numberStartsWith":
        return bool(one["number"].startswith(value))
    if name == "nameContains":
        return value.casefold() in one["name"].casefold()
    return bool((one[name] or "").lower() == value.lower())


def test_contracts_and_their_vehicles(sandbox: Sandbox, clients: list[dict[str, Any]]) -> None:
    contracts = everything(sandbox, "contracts")
    keys = [(one["startsOn"], int(one["id"])) for one in contracts]
    assert keys == sorted(keys, reverse=True)
    owned = [sandbox.page("contracts", "client", one["number"]) for one in clients]
    assert sorted(one["id"] for some in owned for one in some) == sorted(one["id"] for one in contracts)
    contract = next(one for one in contracts if one["assets"][0]["vin"])
    vin = contract["assets"][0]["vin"]
    assert everything(sandbox, "contracts", filter={"number": contract["number"]}) == [contract]
    assert contract in everything(sandbox, "contracts", filter={"vin": vin})


def test_invoices_of_a_contract_are_the_same_found_from_anywhere(sandbox: Sandbox) -> None:
    where = {"contractNumber": "LO/2025/000001"}
    expected = sandbox.page("invoices", "client", "0010001", filter=where)
    assert expected
    assert everything(sandbox, "invoices", filter=where) == expected


def test_there_is_one_such_list_under_one_key(sandbox: Sandbox) -> None:
    body = {"by": "all", "keys": ["0010001", "*", ""], "first": 3}
    pages = sandbox.post("/v1/invoices/list", body)["results"]
    assert [len(page["items"]) for page in pages] == [0, 3, 0]


@pytest.mark.parametrize("after", [["10001"], ["x"], ["0010001", "1"], []])
def test_a_position_among_clients_is_a_client_number(sandbox: Sandbox, after: list[str]) -> None:
    body = {"by": "all", "keys": ["*"], "first": 3, "after": after}
    answer = sandbox.http.post("/v1/clients/list", json=body)
    assert answer.status_code == 400
    assert "after" in answer.json()["error"]["message"]
