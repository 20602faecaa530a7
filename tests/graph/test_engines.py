"""Compiled plans and graphql-core answer alike: random queries over the real graph, to two gateways."""

import os
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from graphql import get_named_type, parse, validate

from tests.execution.queries import LITERALS, query_of
from tests.harness.crawl import SCHEMA, root_fields, selection
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

CASES = int(os.environ.get("ENGINE_CASES", "40"))
LOGIN = "0010010"


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Person]:
    """Somebody at a gateway where graphql-core runs everything."""
    generous = {"MAX_TOKENS": 10**6, "MAX_ALIASES": 10**6, "MAX_DEPTH": 60, "MAX_VALUES": 10**15}
    gateway = Gateway(
        tmp_path_factory.mktemp("oracle"), backoffice, ENGINE="graphql-core", MAX_BODY_BYTES=10**7, **generous
    )
    with Person(gateway, backoffice) as person:
        person.enter(LOGIN)
        yield person
    gateway.close()


def comparable(answer: Any) -> Any:
    """Without what is another in each answer: request ids, links, and moments of asking."""
    if isinstance(answer, dict):
        return {
            key: comparable(value)
            for key, value in answer.items()
            if key != "requestId" and not key.endswith(("url", "expiresAt", "asOf", "AsOf"))
        }
    return [comparable(each) for each in answer] if isinstance(answer, list) else answer


def alike(mine: Any, theirs: Any) -> bool:
    """Errors come in any order."""
    one, other = comparable(mine), comparable(theirs)
    for each in (one, other):
        each["errors"] = sorted(map(repr, each.get("errors", ())))
    return bool(one == other)


def test_everything_that_there_is(oracle: Person, logged_in: Callable[[str], Person]) -> None:
    query = "{ viewer " + selection(get_named_type(root_fields()["viewer"].type), 3) + " }"
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
