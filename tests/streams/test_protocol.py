"""The protocol `graphql-transport-ws` at the public door: who may open a socket, and what closes one."""

import asyncio
import json
from collections.abc import Callable

import pytest
from websockets.exceptions import InvalidStatus

from tests.harness.person import Person
from tests.harness.processes import Gateway
from tests.harness.streams import Socket, open_socket

WHO = "{ viewer { user { login } } }"
FOLLOW = "subscription { serviceRequestChanged { number } }"

Enter = Callable[[str], Person]


@pytest.fixture
def anna(enter: Enter) -> Person:
    return enter("0010001")


async def test_queries_and_mutations_run_over_it(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.initialise()
        assert await socket.ask(WHO) == {"data": {"viewer": {"user": {"login": "0010001"}}}}
        asked = "query ($n: String!) { client(number: $n) { number } }"
        assert (await socket.ask(asked, n="0010001"))["data"] == {"client": {"number": "0010001"}}
        assert (await socket.ask(asked, n="0010002"))["data"] == {"client": None}
        changed = await socket.ask(
            'mutation { notificationRead(input: {notification: "bm9uZQ"}) { errors { message } } }',
            key="again",
        )
        assert changed["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", "no id of this graph"
        assert await socket.ask(WHO, key="again"), "an id that is free again"


@pytest.mark.parametrize(
    ("query", "words", "code"),
    [
        ("{ viewer", "Syntax Error", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "Cannot query field", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { viewer { user { login } } } query B { portal { loginUrl } }", "operationName", None),
        ("subscription { __typename }", "introspection", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { invoiceChanged { id } serviceRequestChanged { id } }",
            "only one",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "subscription { serviceRequestChanged @skip(if: true) { number } }",
            "@skip",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("", "'query' is empty", "BAD_REQUEST"),
        ("{", "Syntax Error", "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_what_can_not_be_run_is_an_error_of_its_id(
    query: str, words: str, code: str | None, house: Gateway, anna: Person
) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.initialise()
        await socket.subscribe(query)
        answer = await socket.receive()
        assert (answer["type"], answer["id"]) == ("error", "1")
        (error,) = answer["payload"]
        assert words in error["message"]
        assert code in (None, error["extensions"]["code"])
        assert error["extensions"]["requestId"]
        assert await socket.ask(WHO), "the others go on"


async def test_pings_are_answered_before_and_after_the_beginning(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}
        await socket.send(type="pong", payload={"a": 1})
        await socket.initialise()
        await socket.send(type="ping", payload={"a": 1})
        assert await socket.receive() == {"type": "pong", "payload": {"a": 1}}
        await socket.send(type="complete", id="nobody's")
        assert await socket.ask(WHO)


@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql", None])
async def test_other_protocols_are_refused(protocol: str | None, house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna, protocol=protocol) as socket:
        assert await socket.closed() == (4406, "Subprotocol not acceptable")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://localhost:1"])
async def test_the_cookie_counts_from_pages_of_ours_only(origin: str, house: Gateway, anna: Person) -> None:
    """Any page can open a socket that has our cookies: cross-site WebSocket hijacking."""
    async with open_socket(house.url, anna, origin=origin) as socket:
        await socket.send(type="connection_init")
        assert await socket.closed() == (4401, "Unauthorized")


async def test_a_dev_server_on_another_port_may_pass_sockets_on(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna, origin=f"http://localhost:{house.port}") as socket:
        await socket.initialise()


@pytest.mark.parametrize(
    ("payload", "closed"),
    [
        (None, (4401, "Unauthorized")),
        ({"authorization": "Basic YTpi"}, (4401, "Unauthorized")),
        ({"authorization": "Bearer wrong"}, (4403, "The access token is wrong or has expired.")),
        ({"authorization": 7}, (4400, "The payload's 'authorization' is no text")),
    ],
)
async def test_sockets_are_for_somebody(
    payload: object, closed: tuple[int, str], house: Gateway, anna: Person
) -> None:
    async with open_socket(house.url) as socket:
        await socket.send(type="connection_init", payload=payload)
        assert await socket.closed() == closed
    if closed[0] == 4403:  # also where a cookie is good: who sends a token means it
        async with open_socket(house.url, anna) as socket:
            await socket.send(type="connection_init", payload=payload)
            assert await socket.closed() == closed


async def test_nothing_is_asked_before_the_beginning(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.subscribe(WHO)
        assert await socket.closed() == (4401, "Unauthorized")


async def test_it_begins_once(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.initialise()
        await socket.send(type="connection_init")
        assert await socket.closed() == (4429, "Too many initialisation requests")


async def test_an_id_is_used_by_one_operation_at_a_time(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.initialise()
        await socket.subscribe(FOLLOW)
        await socket.subscribe(FOLLOW)
        assert await socket.closed() == (4409, "Subscriber for 1 already exists")


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        "[]",
        '{"type": "start"}',
        '{"id": "1", "type": "subscribe"}',
        '{"id": 1, "type": "subscribe", "payload": {"query": "{ viewer { user { login } } }"}}',
        '{"id": "1", "type": "subscribe", "payload": {"query": 1}}',
        '{"type": "connection_init", "payload": []}',
        b'{"type": "ping"}',
        "[" * 50_000,
    ],
    ids=lambda message: str(message)[:40],
)
async def test_what_is_no_message_closes_it(message: str | bytes, house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.connection.send(message)
        code, reason = await socket.closed()
        assert code == 4400
        assert reason


async def test_a_message_that_is_too_large_closes_it(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.initialise()
        await socket.connection.send(json.dumps({"type": "ping", "payload": {"a": "x" * 262_144}}))
        assert (await socket.closed())[0] == 1009


async def test_operations_of_a_socket_are_bounded(house: Gateway, anna: Person) -> None:
    async with open_socket(house.url, anna) as socket:
        await socket.initialise()
        for key in "abcd":
            await socket.subscribe(FOLLOW, key)
        refused = await socket.receive()
        assert (refused["type"], refused["id"]) == ("error", "d")
        assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        assert "3 operations" in refused["payload"][0]["message"]
        await socket.send(type="complete", id="a")
        async with asyncio.timeout(20):
            while True:  # until the first one is gone
                await socket.subscribe(WHO, "e")
                if (await socket.receive())["type"] == "next":
                    break


async def test_sockets_of_a_person_are_bounded(house: Gateway, enter: Enter) -> None:
    person = enter("0010012")
    async with open_socket(house.url, person) as first:
        await first.initialise()
        others = [open_socket(house.url, person) for _ in range(4)]
        sockets: list[Socket] = [await each.__aenter__() for each in others]
        for socket in sockets[:3]:
            await socket.initialise()
        await sockets[3].send(type="connection_init")
        code, reason = await sockets[3].closed()
        assert code == 1013
        assert "4 streams" in reason
        for each in others:
            await each.__aexit__(None, None, None)
        async with asyncio.timeout(20):
            while True:  # until the gateway has seen that they are gone
                async with open_socket(house.url, person) as again:
                    await again.send(type="connection_init")
                    try:
                        if await again.receive():
                            break
                    except Exception:  # noqa: S112
                        continue


async def test_an_unknown_host_and_another_path_are_refused(house: Gateway) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with open_socket(f"http://[::1]:{house.port}".replace("[::1]", "127.0.0.1") + "/nothing"):
            pass
    assert refused.value.response.status_code in (403, 404)
