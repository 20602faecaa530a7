"""What subscriptions tell, and to whom."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.examples import blocks
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.streams import Socket, open_events, open_socket

Enter = Callable[[str], Person]

INVOICES = "subscription { invoiceChanged { number amountDue { amount } status } }"
REQUESTS = "subscription ($client: String) { serviceRequestChanged(clientNumber: $client) { number status } }"
NOTIFICATIONS = "subscription { notificationChanged { kind invoice { number } } }"


def add_invoice(office: Sandbox, client: str) -> dict[str, Any]:
    invoice = {
        "clientNumber": client, "issueDate": "2026-11-20", "dueDate": "2026-12-04", "net": "100.00",
    }  # fmt: skip
    added: dict[str, Any] = office.ask("POST", "/sandbox/invoices", invoice)
    return added


def pay(office: Sandbox, client: str, invoice: str, amount: str) -> None:
    office.ask(
        "POST",
        "/sandbox/payments",
        {
            "clientNumber": client,
            "amount": amount,
            "currency": "PLN",
            "bookedOn": "2026-11-22",
            "allocate": [{"invoiceId": invoice, "amount": amount}],
        },
    )


def mover(office: Sandbox, client: str) -> tuple[str, Callable[[], None]]:
    """A request of the client, and what moves it a step further."""
    (request, *_) = office.page("requests", "client", client)

    def move() -> None:
        office.ask("PUT", f"/sandbox/requests/{request['id']}", {"status": "IN_REVIEW"})

    return request["number"], move


async def begun(socket: Socket, office: Sandbox, client: str) -> None:
    """Once a subscription that was asked for before this one tells of changes; this one is then over."""
    number, move = mover(office, client)
    await socket.subscribe(REQUESTS, "probe")
    assert (await socket.event(move))["data"]["serviceRequestChanged"]["number"] == number
    await socket.send(type="complete", id="probe")


async def settled(socket: Socket) -> list[dict[str, Any]]:
    """The messages that came, up to the answer to a ping."""
    await socket.send(type="ping")
    messages = []
    while (message := await socket.receive())["type"] != "pong":
        messages.append(message)
    return messages


async def test_when_an_invoice_is_paid(house: Gateway, office: Sandbox, enter: Enter) -> None:
    """The FAQ's question: when does an invoice change its status to paid?"""
    client = "0010001"
    async with open_socket(house.url, enter(client)) as socket:
        await socket.initialise()
        await socket.subscribe(INVOICES)
        await begun(socket, office, client)
        await settled(socket)
        invoice = add_invoice(office, client)
        told = await socket.receive()
        shown = {"number": invoice["number"], "amountDue": {"amount": "123.00"}, "status": "ISSUED"}
        assert told == {"type": "next", "id": "1", "payload": {"data": {"invoiceChanged": shown}}}
        pay(office, client, invoice["id"], "23.00")
        shown |= {"amountDue": {"amount": "100.00"}, "status": "PARTIALLY_SETTLED"}
        assert (await socket.receive())["payload"] == {"data": {"invoiceChanged": shown}}
        pay(office, client, invoice["id"], "100.00")
        shown |= {"amountDue": {"amount": "0.00"}, "status": "PAID"}
        assert (await socket.receive())["payload"] == {"data": {"invoiceChanged": shown}}


async def test_a_notification_of_the_invoice(house: Gateway, office: Sandbox, enter: Enter) -> None:
    async with open_socket(house.url, enter("0010001")) as socket:
        await socket.initialise()
        await socket.subscribe(NOTIFICATIONS)
        await begun(socket, office, "0010001")
        await settled(socket)
        invoice = add_invoice(office, "0010001")
        told = await socket.receive()
        shown = {"kind": "INVOICE_ISSUED", "invoice": {"number": invoice["number"]}}
        assert told["payload"] == {"data": {"notificationChanged": shown}}


async def test_nobody_is_told_of_another_client(house: Gateway, office: Sandbox, enter: Enter) -> None:
    """What both were told of in the end came behind what only one may see."""
    async with (
        open_socket(house.url, enter("0010001")) as mine,
        open_socket(house.url, enter("0010002")) as theirs,
    ):
        for socket, client in ((mine, "0010001"), (theirs, "0010002")):
            await socket.initialise()
            await socket.subscribe(INVOICES)
            await begun(socket, office, client)
            await settled(socket)
        invoice = add_invoice(office, "0010002")
        last = add_invoice(office, "0010001")
        assert (await mine.receive())["payload"]["data"]["invoiceChanged"]["number"] == last["number"]
        assert (await theirs.receive())["payload"]["data"]["invoiceChanged"]["number"] == invoice["number"]
        assert await settled(mine) == await settled(theirs) == []


@pytest.mark.parametrize("number", ["0010002", "9999999", "x"])
async def test_another_client_is_not_followed(number: str, house: Gateway, enter: Enter) -> None:
    """Whether there is one or not."""
    async with open_socket(house.url, enter("0010001")) as socket:
        await socket.initialise()
        await socket.subscribe(REQUESTS, client=number)
        answer = await socket.receive()
        assert answer["type"] == "next", "the operation was run, and its field failed"
        assert answer["payload"]["data"] == {"serviceRequestChanged": None}
        (error,) = answer["payload"]["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert "clientNumber" in error["message"]
        assert number not in error["message"]
        assert await socket.receive() == {"type": "complete", "id": "1"}


async def test_one_client_of_several(house: Gateway, office: Sandbox, enter: Enter) -> None:
    office.ask("PUT", "/sandbox/accounts/0010003", {"clientNumbers": ["0010003", "0010001"]})
    person = enter("0010003")
    async with open_socket(house.url, person) as socket:
        await socket.initialise()
        await socket.subscribe(REQUESTS, client="0010001")
        number, move = mover(office, "0010001")
        _, move_other = mover(office, "0010003")

        def both() -> None:
            move_other()
            move()

        for _ in range(3):
            told = await socket.event(both)
            assert told["data"]["serviceRequestChanged"] == {"number": number, "status": "IN_REVIEW"}


async def test_a_failing_back_office_costs_an_event_only_its_fields(
    house: Gateway, office: Sandbox, enter: Enter
) -> None:
    async with open_socket(house.url, enter("0010001")) as socket:
        await socket.initialise()
        await socket.subscribe(REQUESTS)
        _, move = mover(office, "0010001")
        await socket.event(move)
        with office.fault("/v1/requests/get", status=503):
            while "errors" not in (told := await socket.event(move)):
                pass
        assert told["data"] == {"serviceRequestChanged": None}
        assert told["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
        while "errors" in await socket.event(move):
            pass


async def test_an_event_stream_tells_the_same(house: Gateway, office: Sandbox, enter: Enter) -> None:
    person = enter("0010001")
    async with open_events(house.url, INVOICES, person) as events:
        assert events.response.headers["content-type"].startswith("text/event-stream")
        assert events.response.headers["cache-control"] == "no-store"
        assert await events.block() == [":"], "something comes at once, so that proxies pass it on"
        invoice = add_invoice(office, "0010001")
        told = await events.next()
        assert isinstance(told, dict)
        assert told["data"]["invoiceChanged"]["number"] == invoice["number"]
    query = "{ viewer { user { login } } }"
    async with open_events(house.url, query, person) as events:
        assert await events.next() == {"data": {"viewer": {"user": {"login": "0010001"}}}}
        assert await events.next() == "complete"
        assert await events.next() is None
    async with open_events(house.url, "{ nothing }", person) as events:
        told = await events.next()
        assert isinstance(told, dict)
        assert told["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert await events.next() == "complete"


async def test_who_may_open_an_event_stream(house: Gateway, enter: Enter) -> None:
    person = enter("0010001")
    async with open_events(house.url, INVOICES) as events:
        await events.response.aread()
        assert events.response.status_code == 401
        assert events.response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    async with open_events(house.url, INVOICES, person, Authorization="Bearer wrong") as events:
        assert events.response.status_code == 401
        assert events.response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    answer = person.browser.post(
        "/graphql", json={"query": INVOICES}, headers={"Accept": "text/event-stream"}
    )
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "PREFLIGHT_REQUIRED"
    get = {"Accept": "text/event-stream", "GraphQL-Require-Preflight": "1"}
    mutation = 'mutation { notificationRead(input: {notification: "x"}) { errors { code } } }'
    answer = person.browser.get("/graphql", params={"query": mutation}, headers=get)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    answer = person.browser.get("/graphql", params={"query": "{ viewer { user { login } } }"}, headers=get)
    assert answer.text.splitlines()[0] == ":"
    assert answer.text.endswith("event: complete\ndata:\n\n")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json, text/event-stream", "application/json"),
        ("text/event-stream, */*", "application/json"),
        ("text/event-stream", "text/event-stream"),
        ("text/event-stream;q=0, application/json", "application/json"),
    ],
)
async def test_a_query_is_a_stream_only_where_nothing_else_will_do(
    accept: str, kind: str, house: Gateway, enter: Enter
) -> None:
    async with open_events(
        house.url, "{ viewer { user { login } } }", enter("0010001"), Accept=accept
    ) as events:
        assert events.response.headers["content-type"].startswith(kind)


async def test_a_subscription_is_a_stream_where_one_will_do(house: Gateway, enter: Enter) -> None:
    person = enter("0010001")
    accept = "application/graphql-response+json, application/json, text/event-stream"
    async with open_events(house.url, INVOICES, person, Accept=accept) as events:
        assert events.response.headers["content-type"].startswith("text/event-stream")
    answer = person.browser.post(
        "/graphql", json={"query": INVOICES}, headers={"GraphQL-Require-Preflight": "1"}
    )
    assert answer.status_code == 406
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


async def test_streams_of_a_person_are_bounded(house: Gateway, enter: Enter) -> None:
    person = enter("0010013")
    opened = [open_events(house.url, INVOICES, person) for _ in range(5)]
    streams = [await each.__aenter__() for each in opened]
    assert [each.response.status_code for each in streams] == [200] * 4 + [429]
    assert streams[4].response.headers["retry-after"]
    for each in opened:
        await each.__aexit__(None, None, None)
    async with asyncio.timeout(20):
        while True:  # until the gateway has seen that they are gone
            async with open_events(house.url, INVOICES, person) as again:
                if again.response.status_code == 200:
                    break


async def test_the_example_of_the_documentation(house: Gateway, office: Sandbox, enter: Enter) -> None:
    """It is what is told, but for the invoice's number."""
    page = (Path(__file__).parents[2] / "docs" / "graphql.md").read_text()
    shown = {
        info: text for _, _, info, text in blocks(page) if info in ("graphql subscription", "json event")
    }
    async with open_socket(house.url, enter("0010001")) as socket:
        await socket.initialise()
        await socket.subscribe(shown["graphql subscription"], client="0010001")
        await begun(socket, office, "0010001")
        await settled(socket)
        invoice = add_invoice(office, "0010001")
        await socket.receive()
        pay(office, "0010001", invoice["id"], "23.00")
        told = (await socket.receive())["payload"]
    expected = json.loads(shown["json event"])
    expected["data"]["invoiceChanged"]["number"] = invoice["number"]
    assert told == expected
