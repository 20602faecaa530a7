"""Notifications: what a client was told about, and what each user has read of it."""

import base64
from collections.abc import Callable
from typing import Any

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

QUERY = """query($unread: Boolean = false, $first: Int = 100, $after: String) {
  viewer { clients(first: 100) { nodes { number
    notifications(unreadOnly: $unread, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes { id kind subject createdAt readAt invoice { number }
        deliveries { channel address state tries sentAt } } } } } } }"""
READ = """mutation($id: ID!) { notificationRead(input: {notification: $id}) {
  notification { id readAt } errors { message path code } } }"""


def notifications(person: Person, client: str, **variables: Any) -> Any:
    clients = person.data(QUERY, **variables)["viewer"]["clients"]["nodes"]
    (found,) = [each["notifications"] for each in clients if each["number"] == client]
    return found


def ids(page: Any) -> list[str]:
    return [node["id"] for node in page["nodes"]]


def read(person: Person, value: str) -> Any:
    return person.data(READ, id=value)["notificationRead"]


def test_what_a_client_was_told(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    page = notifications(logged_in("0010005"), "0010005")
    known = backoffice.page("notifications", "client", "0010005")
    assert page["totalCount"] == len(known) > 5
    assert [node["subject"] for node in page["nodes"]] == [each["subject"] for each in known]
    assert {node["kind"] for node in page["nodes"]} == {"INVOICE_ISSUED", "PAYMENT_REMINDER"}
    for node in page["nodes"]:
        assert node["subject"].endswith(node["invoice"]["number"])
        (delivery,) = node["deliveries"]
        assert (delivery["channel"], delivery["state"], delivery["tries"]) == ("EMAIL", "SENT", 1)
        assert delivery["address"] == "e•••@example.com"
        assert delivery["sentAt"] > node["createdAt"]


def test_a_new_invoice_is_told_of_at_once(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    person = logged_in("0010004")
    before = notifications(person, "0010004", first=1)
    new = {"clientNumber": "0010004", "issueDate": "2026-11-22", "dueDate": "2026-12-06", "net": "10.00"}
    invoice = backoffice.ask("POST", "/sandbox/invoices", new)
    after = notifications(person, "0010004", first=1)
    (newest,) = after["nodes"]
    assert after["totalCount"] == before["totalCount"] + 1
    assert (newest["kind"], newest["invoice"]) == ("INVOICE_ISSUED", {"number": invoice["number"]})
    assert newest["deliveries"] == [
        {"channel": "EMAIL", "address": "e•••@example.com", "state": "QUEUED", "tries": 0, "sentAt": None}
    ]


def test_read_once_and_left_out_of_full_pages(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010002")
    everything = notifications(person, "0010002")
    second, third = ids(everything)[1:3]
    assert {node["readAt"] for node in everything["nodes"]} == {None}
    first_time = read(person, second)
    assert first_time["errors"] == []
    assert first_time["notification"]["id"] == second
    assert first_time["notification"]["readAt"]
    assert read(person, second) == first_time, "reading it again keeps the moment"
    read(person, third)
    unread = [each for each in ids(everything) if each not in (second, third)]
    page = notifications(person, "0010002", unread=True, first=5)
    assert ids(page) == unread[:5], "the page is full"
    assert page["totalCount"] == len(unread)
    rest = notifications(person, "0010002", unread=True, after=page["pageInfo"]["endCursor"])
    assert ids(page) + ids(rest) == unread
    again = notifications(person, "0010002")
    assert ids(again) == ids(everything)
    assert [node["id"] for node in again["nodes"] if node["readAt"]] == [second, third]


def test_two_are_read_in_one_operation(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010014")
    one, two = ids(notifications(person, "0010014", first=2))
    query = """mutation($one: ID!, $two: ID!) {
      a: notificationRead(input: {notification: $one}) { notification { readAt } }
      b: notificationRead(input: {notification: $two}) { notification { readAt } } }"""
    data = person.data(query, one=one, two=two)
    assert data["a"]["notification"]["readAt"]
    assert data["b"]["notification"]["readAt"]


def test_each_user_reads_alone(logged_in: Callable[[str], Person]) -> None:
    """The head of the group sees its members' notifications, and its reading is its own."""
    head, member = logged_in("0010010"), logged_in("0010011")
    (newest,) = ids(notifications(head, "0010011", first=1))
    assert ids(notifications(member, "0010011", first=1)) == [newest]
    assert read(head, newest)["errors"] == []
    assert notifications(head, "0010011", first=1)["nodes"][0]["readAt"]
    assert notifications(member, "0010011", first=1)["nodes"][0]["readAt"] is None
    assert ids(notifications(member, "0010011", unread=True, first=1)) == [newest]


def test_another_client_s_can_t_be_read(
    logged_in: Callable[[str], Person], gateway: Gateway, backoffice: Sandbox
) -> None:
    (theirs,) = ids(notifications(logged_in("0010003"), "0010003", first=1))
    missing = base64.urlsafe_b64encode(b"Notification:999999999").decode().rstrip("=")
    client = base64.urlsafe_b64encode(b"Client:0010001").decode().rstrip("=")
    person = logged_in("0010001")
    refused = read(person, missing)
    assert refused["notification"] is None
    assert [(each["code"], each["path"]) for each in refused["errors"]] == [
        ("NOT_FOUND", ["input", "notification"])
    ]
    assert read(person, theirs) == read(person, client) == refused
    with Person(gateway, backoffice) as stranger:
        assert read(stranger, theirs) is None
    assert person.data("query($id: ID!) { node(id: $id) { id } }", id=theirs) == {"node": None}
    (error,) = person.ask(READ, id="junk")["errors"]
    assert error["extensions"]["argument"] == "input.notification"
