"""What a tool reads is written down before it is told, without a login or a search term in clear."""

import re

import pytest

from gateway import reading_audit
from tests.harness.tools import EVERY_SCOPE, Door


async def test_every_read_is_recorded_before_it_is_told(door: Door) -> None:
    token = door.tool("clients:read", "invoices:read", client_id="ledger")
    door.audit.events.clear()
    query = """query FindIt { client(number: "0010001") {
        name invoices(first: 2) { nodes { number } } }
        again: invoice(number: "FV/2026/0000038") { number }
        invoices(first: 1, filter: { numberContains: "fv/2026" }) { nodes { client { name } } } }"""
    answer = await door.post(query, token, X_Request_Id="request-4711")
    assert answer.status_code == 200
    (event,) = door.audit.events
    tags = event.pop("accounts").split()
    assert door.auth.keys.of_login("0010001").tag in tags
    assert event.pop("account_count") == str(len(tags))
    asked = set(event.pop("asked").split())
    assert asked == {"client", "invoice(FV/2026/0000038)", "invoices(numberContains)"}
    records = dict(each.split(":") for each in event.pop("records").split())
    assert set(records) == {"Client", "Invoice"}
    assert int(records["Invoice"]) == 4
    assert event == {
        "event": "tool.read", "client_id": "ledger", "operation": "FindIt", "request_id": "request-4711",
    }  # fmt: skip


async def test_no_login_and_no_search_term_is_recorded(door: Door) -> None:
    """A client's number is a login; what a filter holds may be a name or an address."""
    token = door.tool(*EVERY_SCOPE)
    door.audit.events.clear()
    ids = (
        await door.data('{ client(number: "0010001") { id documents(first: 1) { nodes { id } } } }', token)
    )["client"]
    document = ids["documents"]["nodes"][0]["id"]
    await door.data(f'{{ node(id: "{ids["id"]}") {{ id }} nodes(ids: ["{document}"]) {{ id }} }}', token)
    await door.data(
        '{ clients(filter: { nameContains: "Dębowa", numberStartsWith: "00" }) { totalCount } }', token
    )
    assert len(door.audit.events) == 3
    for event in door.audit.events:
        assert not re.search(r"\b00\d{5}\b|Dębowa|example\.com", " ".join(event.values())), event
        assert event["accounts"] == door.auth.keys.of_login("0010001").tag


async def test_many_clients_are_all_named_in_entries_of_a_bounded_size(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_audit, "MOST", 10)
    token = door.tool(*EVERY_SCOPE)
    door.audit.events.clear()
    await door.data("{ clients(first: 100) { nodes { number } } }", token)
    named = [event.pop("accounts").split() for event in door.audit.events]
    assert [len(some) for some in named] == [10, 10, 10, 5]
    assert len({tag for some in named for tag in some}) == 35
    first, *others = door.audit.events
    assert (first["account_count"], first["records"]) == ("35", "Client:35")
    assert all(other == first for other in others)


async def test_what_can_not_be_recorded_is_not_told(door: Door) -> None:
    token = door.tool(*EVERY_SCOPE)
    door.audit.down = True
    try:
        answer = await door.post('{ client(number: "0010001") { name } }', token)
        nothing = await door.post("{ __typename viewer { user { login } } }", token)
        person = await door.data('{ client(number: "0010001") { name } }', door.user("0010001", "portal"))
    finally:
        door.audit.down = False
    assert answer.status_code == 503
    assert "data" not in answer.json()
    assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
    assert "Stolarnia" not in answer.text
    assert nothing.json() == {"data": {"__typename": "Query", "viewer": None}}
    assert "Stolarnia" in person["client"]["name"]


async def test_people_and_refusals_are_not_recorded(door: Door) -> None:
    door.audit.events.clear()
    await door.data("{ viewer { clients { nodes { name } } } }", door.user("0010001", "portal"))
    await door.ask('{ client(number: "0010001") { name } }', door.tool())
    await door.data('{ client(number: "0999999") { name } }', door.tool(*EVERY_SCOPE))
    assert door.audit.events == []
