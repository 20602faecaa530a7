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
    contracts(first: 100) { nodes { documents { id } policies { document { id } } } }
    serviceRequests(first: 100) { nodes { resultDocuments { id } attachments { id } } } } } } }"""


@pytest.fixture(scope="module")
def person(logged_in: Callable[[str], Person]) -> Person:
    return logged_in("0010001")


def page(person: Person, **variables: Any) -> Any:
    (client,) = person.data(PAGE, **variables)["viewer"]["clients"]["nodes"]
    return client["documents"]


def test_pages_are_all_documents_of_whatever_has_some(person: Person) -> None:
    (client,) = person.data(OWNED)["viewer"]["clients"]["nodes"]
    owners = client["invoices"]["nodes"] + client["contracts"]["nodes"]
    owned = {document["id"] for owner in owners for document in owner["documents"]}
    owned |= {
        policy["document"]["id"]
        for contract in client["contracts"]["nodes"]
        for policy in contract["policies"]
    }
    for request in client["serviceRequests"]["nodes"]:
        owned |= {document["id"] for document in request["resultDocuments"] + request["attachments"]}
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
    assert page(person, filter={"kinds": ["SCHEDULE_PDF"]})["totalCount"] == 0


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


INVOICES = """query($filter: DocumentFilter) { viewer { clients { nodes { invoices(first: 100) { nodes {
    ksef { number } documents(filter: $filter) { kind issuedOn fileName download { url } } } } } } } }"""


def test_every_invoice_in_ksef_has_its_upo(person: Person) -> None:
    (client,) = person.data(INVOICES, filter={"kinds": ["UPO"]})["viewer"]["clients"]["nodes"]
    invoices = client["invoices"]["nodes"]
    assert {invoice["ksef"] is None for invoice in invoices} == {True, False}
    for invoice in invoices:
        assert [document["kind"] for document in invoice["documents"]] == (["UPO"] if invoice["ksef"] else [])
    invoice = next(each for each in invoices if each["ksef"])
    upo = person.browser.get(invoice["documents"][0]["download"]["url"])
    assert invoice["ksef"]["number"] in upo.text
    assert upo.headers["content-type"] == "application/xml"


def test_documents_of_one_invoice_by_kind_and_day(person: Person) -> None:
    (client,) = person.data(INVOICES)["viewer"]["clients"]["nodes"]
    days = {each["issuedOn"] for invoice in client["invoices"]["nodes"] for each in invoice["documents"]}
    span = {"kinds": ["INVOICE_PDF", "KSEF_XML"], "issuedFrom": "2026-06-01", "issuedTo": "2026-10-31"}
    (some,) = person.data(INVOICES, filter=span)["viewer"]["clients"]["nodes"]
    found = [each for invoice in some["invoices"]["nodes"] for each in invoice["documents"]]
    assert {each["kind"] for each in found} == {"INVOICE_PDF", "KSEF_XML"}
    within = {day for day in days if "2026-06-01" <= day <= "2026-10-31"}
    assert {each["issuedOn"] for each in found} == within != days
    answer = person.ask(INVOICES, filter={"issuedFrom": "2026-02-01", "issuedTo": "2026-01-01"})
    assert {error["extensions"]["argument"] for error in answer["errors"]} == {"filter.issuedFrom"}


POLICIES = """{ viewer { clients { nodes { contracts { nodes { policies { number validFrom
    document { kind issuedOn download { url } } } } } } } } }"""


def test_a_policy_has_its_document(
    person: Person, backoffice: Sandbox, logged_in: Callable[[str], Person]
) -> None:
    (client,) = person.data(POLICIES)["viewer"]["clients"]["nodes"]
    policies = [each for contract in client["contracts"]["nodes"] for each in contract["policies"]]
    for policy in policies:
        assert policy["document"]["kind"] == "POLICY_PDF"
        assert policy["document"]["issuedOn"] == policy["validFrom"]
    url = policies[0]["document"]["download"]["url"]
    assert person.browser.get(url).content.startswith(b"%PDF-")
    assert logged_in("0010003").browser.get(url).status_code == 404
    with backoffice.fault("/documents/*", status=503):
        answer = person.ask(POLICIES)
    (client,) = answer["data"]["viewer"]["clients"]["nodes"]
    broken = [each for contract in client["contracts"]["nodes"] for each in contract["policies"]]
    assert [(each["number"], each["document"]) for each in broken] == [
        (each["number"], None) for each in policies
    ]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UPSTREAM_UNAVAILABLE"}
