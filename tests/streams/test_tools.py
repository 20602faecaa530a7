"""Streams by bearer token: of internal tools, which follow every client by scope, and of users."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable

import pytest

from auth.sessions import ENDED
from gateway.graphql import socket as socket_module
from gateway.streams.feed import Following
from gateway.streams.registry import Stream
from tests.harness.processes import Sandbox
from tests.harness.streams import open_events, open_socket
from tests.harness.tools import Door, open_door, served

FOLLOW = "subscription Desk { serviceRequestChanged { number } }"


@pytest.fixture(scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory, office: Sandbox) -> AsyncIterator[Door]:
    """Of their own, over the back office whose data change."""
    async with open_door(tmp_path_factory.mktemp("streams-door"), office) as opened:
        yield opened


@pytest.fixture(scope="module")
async def url(door: Door) -> AsyncIterator[str]:
    async with served(door) as address:
        yield address


@pytest.fixture
def requests(office: Sandbox) -> tuple[list[str], Callable[[], None]]:
    """One request of each of two clients, and what moves both."""
    found = [office.page("requests", "client", client)[0] for client in ("0010001", "0010002")]

    def move() -> None:
        for request in found:
            office.ask("PUT", f"/sandbox/requests/{request['id']}", {"status": "IN_REVIEW"})

    return [request["number"] for request in found], move


Requests = tuple[list[str], Callable[[], None]]


async def test_a_tool_follows_every_client_and_is_audited(door: Door, url: str, requests: Requests) -> None:
    numbers, move = requests
    door.audit.events.clear()
    async with open_socket(url) as socket:
        await socket.initialise(authorization=f"Bearer {door.tool('requests:read')}")
        await socket.subscribe(FOLLOW)
        seen: set[str] = set()
        while not seen >= set(numbers):  # among what other tests changed just before
            seen.add((await socket.event(move))["data"]["serviceRequestChanged"]["number"])
    ours = {f"serviceRequestChanged({each})" for each in numbers}
    events = [event for event in door.audit.events if event["asked"] in ours]
    assert {event["asked"] for event in events} == ours
    accounts = {door.auth.keys.of_login(login).tag for login in ("0010001", "0010002")}
    assert {event["accounts"] for event in events} == accounts
    assert {event["operation"] for event in events} == {"Desk"}
    ids = [event["request_id"] for event in events]
    assert len(set(ids)) == len(ids), "each event is an operation of its own"


async def test_a_tool_follows_what_its_scopes_cover(door: Door, url: str) -> None:
    async with open_socket(url) as socket:
        await socket.initialise(authorization=f"Bearer {door.tool('invoices:read')}")
        await socket.subscribe(FOLLOW)
        answer = await socket.receive()
        assert answer["payload"]["errors"][0]["extensions"]["scope"] == "requests:read"
        assert await socket.receive() == {"type": "complete", "id": "1"}


async def test_an_event_that_can_not_be_recorded_is_not_told(
    door: Door, url: str, requests: Requests
) -> None:
    authorization = f"Bearer {door.tool('requests:read')}"
    door.audit.down = True
    try:
        async with open_events(url, FOLLOW, Authorization=authorization) as events:
            await asyncio.to_thread(requests[1])
            told = await events.next()
            assert isinstance(told, dict)
            assert "data" not in told
            assert told["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
            assert await events.next() == "complete"
    finally:
        door.audit.down = False


async def test_a_users_token_follows_as_that_user(door: Door, url: str, requests: Requests) -> None:
    (number, _), move = requests
    async with open_socket(url) as socket:
        await socket.initialise(authorization=f"bearer {door.user('0010001', 'portal')}")
        await socket.subscribe(FOLLOW)
        for _ in range(2):
            assert (await socket.event(move))["data"]["serviceRequestChanged"]["number"] == number
    async with open_socket(url) as socket:
        await socket.send(
            type="connection_init", payload={"authorization": f"Bearer {door.user('0010001', 'openid')}"}
        )
        assert (await socket.closed())[0] == 4403


@pytest.mark.parametrize("announced", [True, False])
async def test_a_token_that_ends_ends_its_streams(announced: bool, door: Door, url: str) -> None:
    """At once where it is announced, and else when it is looked at again."""
    for token in (door.tool("requests:read", client_id="ending"), door.user("0010001", "portal", "openid")):
        async with (
            open_socket(url) as socket,
            open_events(url, FOLLOW, Authorization=f"Bearer {token}") as events,
        ):
            await socket.initialise(authorization=f"Bearer {token}")
            del door.grants[token]
            if announced:
                await door.auth.store._client.publish(ENDED, "tag")
            assert (await socket.closed())[0] == 4403
            told = await events.next()
            assert isinstance(told, dict)
            assert told["errors"][0]["extensions"]["code"] == "INVALID_TOKEN"
            assert await events.next() == "complete"


async def test_a_token_that_can_not_be_checked_opens_nothing(url: str) -> None:
    async with open_socket(url) as socket:
        await socket.send(type="connection_init", payload={"authorization": "Bearer while-the-store-is-down"})
        assert (await socket.closed())[0] == 1013


async def test_who_never_begins_is_hung_up_on(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_module, "INIT_SECONDS", 0.05)
    async with open_socket(url) as socket:
        assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_who_may_have_missed_changes_is_told_to_connect_again(door: Door, url: str) -> None:
    """The connection by which the gateway is told of them breaks, and comes back."""
    token = door.tool("requests:read")
    async with (
        open_socket(url) as socket,
        open_events(url, FOLLOW, Authorization=f"Bearer {token}") as events,
    ):
        await socket.initialise(authorization=f"Bearer {token}")
        await door.auth.store._client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")  # type: ignore[no-untyped-call]
        code, reason = await socket.closed()
        assert code == 1013
        assert "missed" in reason
        assert await events.next() is None
    async with asyncio.timeout(20):
        while True:
            async with open_events(url, FOLLOW, Authorization=f"Bearer {token}") as events:
                if events.response.status_code == 200:
                    break
                assert events.response.status_code == 503
                await asyncio.sleep(0.05)


def kept() -> int:
    """How many streams and subscriptions memory holds, open or not."""
    gc.collect()
    return len([each for each in gc.get_objects() if isinstance(each, Stream | Following)])


async def test_hundreds_of_streams_leave_nothing_behind(door: Door, url: str) -> None:
    """Closed or broken off: tasks, connections and what they followed are gone, and memory stays."""
    store = door.auth.store._client
    before, base = asyncio.all_tasks(), kept()
    for _ in range(2):
        opened = []
        for number in range(200):
            token = door.tool("requests:read", client_id=f"tool-{number % 10}")
            opened.append(open_socket(url))
            socket = await opened[-1].__aenter__()
            await socket.initialise(authorization=f"Bearer {token}")
            await socket.subscribe(FOLLOW)
            if number % 2:
                socket.connection.transport.abort()
        assert await store.pubsub_numsub(ENDED) == [(ENDED.encode(), 1)], "one connection hears for all"
        for each in opened:
            await each.__aexit__(None, None, None)
        async with asyncio.timeout(20):
            while left := asyncio.all_tasks() - before - {asyncio.current_task()}:
                await asyncio.wait(left, timeout=0.1)
        assert kept() <= base
