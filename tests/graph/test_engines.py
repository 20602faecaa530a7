"""Compiled plans and graphql-core answer alike: random queries over the real graph, to two gateways."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from random import Random
from typing import Any

import pytest
from graphql import get_named_type, parse, validate

from tests.execution.queries import LITERALS, query_of
from tests.harness.crawl import SCHEMA, root_fields, selection
from tests.harness.files import PDF
from tests.harness.person import Person, people
from tests.harness.processes import ENGINES, GENEROUS, Gateway, Sandbox
from tests.harness.tools import EVERY_SCOPE, Door, open_door
from tests.harness.uploads import uploaded

CASES = int(os.environ.get("ENGINE_CASES", "25"))
LOGIN = "0010010"
OWN = ("requestid", "url", "expiresat", "asof", "lastloginat")


@pytest.fixture(scope="module")
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox
) -> Iterator[Callable[[str], Person]]:
    """People at a gateway where graphql-core runs everything."""
    gateway = Gateway(tmp_path_factory.mktemp("oracle"), backoffice, ENGINE="graphql-core", **GENEROUS)
    with people(gateway, backoffice) as person:
        yield person
    gateway.close()


@pytest.fixture(scope="module")
def oracle(elsewhere: Callable[[str], Person]) -> Person:
    """Somebody there."""
    return elsewhere(LOGIN)


@pytest.fixture(scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> AsyncIterator[list[Door]]:
    """For tools: one gateway of each engine."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(open_door(tmp_path_factory.mktemp("door"), backoffice, engine))
            for engine in ENGINES
        ]


def comparable(answer: Any) -> Any:
    """Without what is another at each gateway: request ids, addresses, and moments of asking and login."""
    if isinstance(answer, dict):
        return {key: comparable(value) for key, value in answer.items() if not key.lower().endswith(OWN)}
    return [comparable(each) for each in answer] if isinstance(answer, list) else answer


def alike(mine: Any, theirs: Any) -> bool:
    """Errors come in any order."""
    one, other = comparable(mine), comparable(theirs)
    for each in (one, other):
        each["errors"] = sorted(map(repr, each.get("errors", ())))
    return bool(one == other)


def test_everything_that_there_is(oracle: Person, logged_in: Callable[[str], Person]) -> None:
    parts = [
        f"{name} {selection(get_named_type(root_fields()[name].type), 3)}" for name in ("viewer", "portal")
    ]
    query = "{ " + " ".join(parts) + " }"
    assert alike(logged_in(LOGIN).ask(query), oracle.ask(query))


@pytest.fixture(scope="module")
def literals(logged_in: Callable[[str], Person]) -> dict[str, list[str]]:
    """What arguments may be, ids and numbers of this client among it."""
    data = logged_in(LOGIN).data(
        """{ viewer { clients(first: 2) { nodes { id number contracts(first: 2) { nodes { id number } }
        invoices(first: 2) { nodes { id number } } serviceRequests { nodes { id number } } } } } }"""
    )
    found: dict[str, set[str]] = {"id": set(), "number": set()}
    stack: list[Any] = [data]
    while stack:
        each = stack.pop()
        for key in found:
            if isinstance(each, dict) and isinstance(each.get(key), str):
                found[key].add(f'"{each[key]}"')
        stack += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
    return {
        **LITERALS,
        "Int": ["1", "2", "3", "0"],
        "ID": [*sorted(found["id"]), '"nonsense"'],
        "String": [*sorted(found["number"]), '"x"', '""'],
        "Date": ['"2026-01-01"', '"2025-06-30"'],
        "DateTime": ['"2026-01-01T00:00:00Z"'],
        "Decimal": ['"100.00"'],
        "CurrencyCode": ['"PLN"', '"EUR"'],
        "IBAN": ['"PL61109010140000071219812874"'],
    }


def test_random_queries(
    oracle: Person, logged_in: Callable[[str], Person], literals: dict[str, list[str]]
) -> None:
    person = logged_in(LOGIN)
    compared, failed = 0, 0
    for seed in range(10 * CASES):
        text, variables = query_of(Random(seed), SCHEMA, 6, literals, left=60)
        if validate(SCHEMA, parse(text)):
            continue
        mine, theirs = person.ask(text, **variables), oracle.ask(text, **variables)
        assert alike(mine, theirs), (seed, text, variables, comparable(mine), comparable(theirs))
        compared += 1
        failed += "errors" in mine
        if compared == CASES:
            break
    assert compared == CASES
    assert 0 < failed < compared


def test_failures_of_the_back_office(
    oracle: Person, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    query = """{ viewer { clients { nodes { number balances { currency } invoices(first: 5) { nodes {
        number allocations { kind payment { id } } lines { number } } } contracts { nodes { number
        schedule { version instalments { number } } amountDue { amount } } } } } } }"""
    person = logged_in(LOGIN)
    for path in ("/v1/allocations/list", "/v1/schedules/list", "/v1/invoices/list", "/v1/balances/list"):
        with backoffice.fault(path, status=503):
            mine, theirs = person.ask(query), oracle.ask(query)
        assert mine["errors"], path
        assert alike(mine, theirs), (path, comparable(mine), comparable(theirs))


def test_an_upload_of_a_colleague(
    logged_in: Callable[[str], Person], elsewhere: Callable[[str], Person]
) -> None:
    """Until a request took it, it is its holder's, though both act for the client."""
    query = """query($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } viewer { clients { nodes {
        documents(first: 100, filter: { kinds: [ATTACHMENT] }) { nodes { id } } } } } }"""
    for somebody in (logged_in, elsewhere):
        holder, colleague = somebody("0010010"), somebody("0010011")
        key = uploaded(holder, "0010011", "wypis.pdf", PDF)["id"]
        told, hidden = (person.data(query, id=key) for person in (holder, colleague))
        assert (told["node"], told["nodes"]) == ({"id": key}, [{"id": key}] * 2)
        assert (hidden["node"], hidden["nodes"]) == (None, [None, None])
        assert key not in repr((told["viewer"], hidden["viewer"]))


SCOPES = {
    "all": EVERY_SCOPE,
    "some": EVERY_SCOPE - {"invoices:read", "documents:read"},
    "none": frozenset[str](),
}


def recorded(door: Door) -> list[dict[str, Any]]:
    """What was audited since the last time; root fields answer in any order."""
    found: list[dict[str, Any]] = [{**event, "request_id": ""} for event in door.audit.events]
    door.audit.events.clear()
    return [{**event, "asked": sorted(event["asked"].split())} for event in found]


@pytest.mark.parametrize("scopes", SCOPES)
async def test_random_queries_of_a_tool(
    scopes: str, doors: list[Door], literals: dict[str, list[str]]
) -> None:
    """The same is shown, the same is refused, and the same is recorded."""
    tokens = [door.tool(*SCOPES[scopes]) for door in doors]
    compared = refused = read = 0
    for seed in range(10 * CASES):
        text, variables = query_of(Random(seed), SCHEMA, 6, literals, left=60)
        if validate(SCHEMA, parse(text)):
            continue
        (mine, first), (theirs, second) = [
            (await door.ask(text, token, **variables), recorded(door))
            for door, token in zip(doors, tokens, strict=True)
        ]
        assert alike(mine, theirs), (seed, text, variables, comparable(mine), comparable(theirs))
        assert first == second, (seed, text, variables)
        compared += 1
        read += bool(first)
        refused += any("scope" in error["extensions"] for error in mine.get("errors", ()))
        if compared == CASES:
            break
    assert compared == CASES
    assert bool(read) is (scopes != "none")
    assert bool(refused) is (scopes != "all")


async def test_a_whole_client_for_a_tool(doors: list[Door]) -> None:
    body = selection(get_named_type(root_fields()["client"].type), 3)
    query = f'{{ client(number: "{LOGIN}") {body} }}'
    answers = []
    for door in doors:
        answer = await door.ask(query, door.tool(*EVERY_SCOPE))
        answers.append((answer, recorded(door)))
    (mine, first), (theirs, second) = answers
    assert alike(mine, theirs)
    assert first == second
    assert "Document:" in first[0]["records"]
