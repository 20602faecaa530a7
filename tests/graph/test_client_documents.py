"""All documents of a client in one list: whole, in order, filtered, and the same as those of its invoices."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox

PAGE = """query($first: Int, $after: String, $filter: DocumentFilter) { viewer { clients { nodes {
    documents(first: $first, after: $after, filter: $filter) { totalCount
        nodes { id kind title issuedOn } edges { cursor } pageInfo { hasNextPage endCursor } } } } } }"""
OWNED = """{ viewer { clients { nodes { invoices(first: 100) { nodes { documents { id } } }
    contracts(first: 100) { nodes { documents { id } } } } } } }"""


@pytest.fixture(scope="module")
def person(logged_in: Callable[[str], Person]) -> Person:
    return logged_in("0010001")


def page(person: Person, **variables: Any) -> Any:
    (client,) = person.data(PAGE, **variables)["viewer"]["clients"]["nodes"]
    return client["documents"]


def test_pages_are_all_documents_of_invoices_and_contracts(person: Person) -> None:
    (client,) = person.data(OWNED)["viewer"]["clients"]["nodes"]
    owners = client["invoices"]["nodes"] + client["contracts"]["nodes"]
    owned = {document["id"] for owner in owners for document in owner["documents"]}
    seen: list[Any] = []
    after = None
    while True:
        found = page(person, first=7, after=after)
        seen += found["nodes"]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == found["totalCount"] == len(owned)
    assert {document["id"] for document in seen} == owned
    days = [document["issuedOn"] for document in seen]
    assert days == sorted(days, reverse=True)


def test_a_cursor_is_a_place(person: Person) -> None:
    whole = page(person, first=10)
    behind = page(person, first=6, after=whole["edges"][3]["cursor"])
    assert behind["nodes"] == whole["nodes"][4:10]


def test_filters_are_the_store_s(person: Person, backoffice: Sandbox) -> None:
    wanted = {"kinds": ["KSEF_XML"], "issuedFrom": "2026-06-01", "issuedTo": "2026-10-31"}
    with backoffice.calls() as calls:
        found = page(person, first=100, filter=wanted)
    assert [call["path"] for call in calls if call["path"].endswith(("list", "count"))] == [
        "/documents/v1/list", "/documents/v1/count",
    ]  # fmt: skip
    assert 0 < found["totalCount"] == len(found["nodes"])
    assert {document["kind"] for document in found["nodes"]} == {"KSEF_XML"}
    assert all("2026-06-01" <= document["issuedOn"] <= "2026-10-31" for document in found["nodes"])
    assert page(person, filter={"kinds": ["UPO"]})["totalCount"] == 0


def test_bad_arguments_are_named(person: Person) -> None:
    for variables, argument in (
        ({"filter": {"issuedFrom": "2026-02-01", "issuedTo": "2026-01-01"}}, "filter.issuedFrom"),
        ({"first": 101}, "first"),
        ({"after": "x"}, "after"),
    ):
        (error,) = person.ask(PAGE, **variables)["errors"]
        assert (error["extensions"]["code"], error["extensions"]["argument"]) == ("BAD_USER_INPUT", argument)


def test_a_store_that_lies_or_fails_costs_this_list_only(person: Person, backoffice: Sandbox) -> None:
    with backoffice.fault("/documents/*", mode="refuse"):
        answer = person.ask(PAGE)
    (client,) = answer["data"]["viewer"]["clients"]["nodes"]
    assert client["documents"] is None
    assert {error["extensions"]["upstream"] for error in answer["errors"]} == {"documents"}
    own = {document["id"] for document in page(person, first=100)["nodes"]}
    with backoffice.fault("/documents/*", mode="lie"):
        told = person.ask(PAGE, first=100)["data"]["viewer"]["clients"]["nodes"][0]["documents"]
    assert {document["id"] for document in (told or {"nodes": []})["nodes"] if document} <= own
