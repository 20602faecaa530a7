"""Searching across clients: by each key that somebody calls with, to the end, for internal tools only."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.processes import Sandbox
from tests.harness.tools import EVERY_SCOPE, Door

DOCUMENTS = Path(__file__).parents[2] / "docs" / "graphql.md"
SEARCHES = ("clients", "contracts", "invoices")


async def search(door: Door, field: str, where: str, token: str, rest: str = "") -> Any:
    query = f"{{ it: {field}(filter: {{ {where} }}{rest}) {{ totalCount nodes {{ number }} }} }}"
    found = (await door.data(query, token))["it"]
    return found["totalCount"], [node["number"] for node in found["nodes"]]


async def test_finding_a_client(door: Door, backoffice: Sandbox) -> None:
    token = door.tool("clients:read")
    (client,) = backoffice.ask("POST", "/v1/clients/get", {"by": "number", "keys": ["0010001"]})["results"]
    nip, regon = client["nip"], client["regon"]
    for where in (
        'numberStartsWith: " 0010001 "', 'nameContains: "dębowa"', f'nip: "{nip[:3]}-{nip[3:6]}-{nip[6:]}"',
        f'regon: "{regon}"', f'krs: "{client["krs"]}"', f'einvoiceEmail: "{client["einvoiceEmail"].upper()}"',
        f'nip: "{nip}", nameContains: "STOLARNIA"',
    ):  # fmt: skip
        assert await search(door, "clients", where, token) == (1, ["0010001"]), where
    assert await search(door, "clients", f'nip: "{nip}", numberStartsWith: "0010002"', token) == (0, [])
    count, numbers = await search(door, "clients", 'numberStartsWith: "001"', token, ", first: 100")
    assert count == len(numbers) == 15


async def test_finding_contracts_and_invoices_of_anybody(door: Door, backoffice: Sandbox) -> None:
    token = door.tool("contracts:read", "invoices:read")
    for client in ("0010001", "0010008"):
        contract = next(
            each for each in backoffice.page("contracts", "client", client) if each["assets"][0]["vin"]
        )
        vehicle = contract["assets"][0]
        for where in (
            f'number: "{contract["number"]}"', f'vin: "{vehicle["vin"]}"',
            f'registrationNumber: "{vehicle["registrationNumber"]}"',
        ):  # fmt: skip
            assert await search(door, "contracts", where, token) == (1, [contract["number"]]), where
        invoice = next(each for each in backoffice.page("invoices", "client", client) if each["ksef"])
        for where in (f'number: "{invoice["number"]}"', f'ksefNumber: "{invoice["ksef"]["number"]}"'):
            assert await search(door, "invoices", where, token) == (1, [invoice["number"]]), where


@pytest.mark.parametrize("field", SEARCHES)
async def test_a_search_pages_to_the_end(field: str, door: Door) -> None:
    token = door.tool(*EVERY_SCOPE)
    where = ', filter: { issuedFrom: "2026-11-01" }' if field == "invoices" else ""
    query = "{ it: %s(first: 60%s%s) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"
    seen: list[str] = []
    after = ""
    while True:
        page = (await door.data(query % (field, after, where), token))["it"]
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{page["pageInfo"]["endCursor"]}"'
    assert len(seen) == len(set(seen)) == page["totalCount"] > 30


async def test_the_examples_of_the_documents(door: Door) -> None:
    told = DOCUMENTS.read_text().partition("## Internal tools")[2].partition("\n## ")[0]
    example = told.partition("```graphql\n")[2].partition("```")[0]
    found = await door.data(example, door.tool(*EVERY_SCOPE))
    assert set(found) == {"byName", "byEmail", "contracts", "invoices"}
    for name, page in found.items():
        assert page["nodes"], name


BAD = [
    ("clients", 'numberStartsWith: "LO/1"', "filter.numberStartsWith", "1 to 7 digits"),
    ("clients", 'numberStartsWith: ""', "filter.numberStartsWith", "1 to 7 digits"),
    ("clients", 'nameContains: "ab"', "filter.nameContains", "3 to 40"),
    ("clients", 'nip: "123"', "filter.nip", "10 digits"),
    ("clients", 'regon: "1234567890"', "filter.regon", "9 or 14 digits"),
    ("clients", 'krs: "x"', "filter.krs", "10 digits"),
    ("clients", 'einvoiceEmail: "anna"', "filter.einvoiceEmail", "e-mail"),
    ("contracts", 'number: ""', "filter.number", "2 to 60"),
    ("invoices", 'ksefNumber: "1"', "filter.ksefNumber", "35"),
]


@pytest.mark.parametrize(("field", "where", "argument", "rule"), BAD)
async def test_bad_input_names_argument_and_rule(
    field: str, where: str, argument: str, rule: str, door: Door
) -> None:
    token = door.tool(*EVERY_SCOPE)
    answer = await door.ask(f"{{ it: {field}(filter: {{ {where} }}) {{ totalCount }} }}", token)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["argument"] == argument
    assert rule in error["message"]


@pytest.mark.parametrize("role", ["OWNER", "READ_ONLY"])
@pytest.mark.parametrize("field", SEARCHES)
async def test_people_do_not_search_across_clients(field: str, role: str, door: Door) -> None:
    """Not even a name of theirs, and not with a tool's scopes in a user's token."""
    query = f"{{ it: {field} {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage }} }} }}"
    answer = await door.ask(query, door.user("0010001", "portal", *EVERY_SCOPE, role=role))
    assert answer["data"] == {"it": None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert "scope" not in error["extensions"]
    assert await door.ask(query) == {"data": {"it": None}}
