"""Whatever ends a session ends its open streams, at every gateway on the store; and what else ends one."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis import Redis

from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.stores import redis_server, running
from tests.harness.streams import EventStream, Socket, open_events, open_socket

Enter = Callable[[str], Person]

FOLLOW = "subscription { serviceRequestChanged { number } }"
ENDED = (4401, "Your session has ended: log in again.")


@asynccontextmanager
async def both(url: str, person: Person) -> AsyncIterator[tuple[Socket, EventStream]]:
    """A WebSocket and an event stream of one session, both following."""
    async with open_socket(url, person) as socket, open_events(url, FOLLOW, person) as events:
        assert events.response.status_code == 200
        await socket.initialise()
        await socket.subscribe(FOLLOW)
        yield socket, events


async def ended(socket: Socket, events: EventStream) -> None:
    """Both ended with the session."""
    assert await socket.closed() == ENDED
    while "errors" not in (told := await events.next() or ""):
        assert isinstance(told, dict), "it is over"
    assert isinstance(told, dict)
    assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert "data" not in told
    assert await events.next() == "complete"
    assert await events.next() is None


def log_out(person: Person) -> None:
    page = person.browser.get("/sessions").text
    assert person.browser.post("/logout", data=Form(page).fields).status_code == 303


def log_out_everywhere(person: Person) -> None:
    hidden = Form(person.browser.get("/sessions").text).fields
    answer = person.browser.post("/sessions", data={**hidden, "everywhere": "1"})
    assert answer.status_code == 303, answer.text


def reset_password(person: Person) -> None:
    with_flow = {"login": "0010004"}
    known = len(person.pins("0010004"))
    assert person.submit("/reset-password", **with_flow).status_code == 303
    answer = person.submit("/reset-password", password=PASSWORD, password_again=PASSWORD)
    assert answer.status_code == 303, answer.text
    pin = person.pin("0010004", newer_than=known)
    assert person.submit("/reset-password", pin=pin).status_code == 303


def log_in_too_often(person: Person) -> None:
    """Of too many sessions the oldest ends."""
    cookies = dict(person.browser.cookies)
    for _ in range(5):
        person.browser.cookies.clear()
        person.log_in("0010004")
    person.browser.cookies.update(cookies)


WAYS = [log_out, log_out_everywhere, reset_password, log_in_too_often]


@pytest.mark.parametrize("end", WAYS, ids=lambda way: way.__name__)
async def test_what_ends_a_session_ends_its_streams(
    end: Callable[[Person], None], house: Gateway, enter: Enter
) -> None:
    """That gateway never looks by itself, so that only being told at once can have ended them."""
    person = enter("0010004")
    async with both(house.url, person) as streams:
        await asyncio.to_thread(end, person)
        await ended(*streams)


@pytest.mark.parametrize("change", [{"clientNumbers": []}, {"role": "FLEET"}], ids=str)
async def test_what_the_back_office_takes_away_ends_them(
    change: dict[str, object], house: Gateway, office: Sandbox, enter: Enter
) -> None:
    office.ask("PUT", "/sandbox/accounts/0010005", {"clientNumbers": ["0010005"], "role": "OWNER"})
    person = enter("0010005")
    async with both(house.url, person) as streams:
        office.ask("PUT", "/sandbox/accounts/0010005", change)
        await ended(*streams)


async def test_another_session_of_the_account_goes_on(house: Gateway, enter: Enter) -> None:
    first, second = enter("0010006"), enter("0010006")
    async with open_socket(house.url, first) as ending, open_socket(house.url, second) as living:
        await ending.initialise()
        await living.initialise()
        await asyncio.to_thread(log_out, first)
        assert await ending.closed() == ENDED
        answer = await living.ask("{ viewer { user { login } } }")
        assert answer["data"]["viewer"]["user"]["login"] == "0010006"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "redis").mkdir()
    with running(redis_server(), tmp_path / "redis") as port:
        yield port


def gateway_on(port: int, folder: Path, office: Sandbox, **settings: object) -> Gateway:
    folder.mkdir()
    shared = {
        "REDIS_URL": f"redis://127.0.0.1:{port}",
        "SECRET_KEY": "a secret of these two, 32 signs at least",
    }
    return Gateway(folder, office, **shared, ERP_CHANGES_SECONDS=0.05, **settings)


async def test_two_gateways_on_a_store(redis: int, tmp_path: Path, office: Sandbox) -> None:
    """One of them follows the ERP, both tell; a session that ends at one ends its streams at the other."""
    here = gateway_on(redis, tmp_path / "here", office, STREAM_CHECK_SECONDS=3600)
    there = gateway_on(redis, tmp_path / "there", office, STREAM_CHECK_SECONDS=3600)
    request, *_ = office.page("requests", "client", "0010001")
    try:
        with Person(here, office) as person, Redis(port=redis) as store:
            person.enter("0010001")
            async with both(here.url, person) as at_one, both(there.url, person) as at_other:
                for socket, _ in (at_one, at_other):
                    told = await socket.event(
                        lambda: office.ask(
                            "PUT", f"/sandbox/requests/{request['id']}", {"status": "IN_REVIEW"}
                        )
                    )
                    assert told["data"]["serviceRequestChanged"] == {"number": request["number"]}
                follower = store.get("erp:follower")
                assert follower
                await asyncio.to_thread(log_out, person)
                await ended(*at_one)
                await ended(*at_other)
            for gateway in (here, there):  # whoever followed, the other one goes on
                assert gateway.process.stop() == 0
                if gateway is here:
                    give_up = time.monotonic() + 20
                    while not store.get("erp:follower"):
                        assert time.monotonic() < give_up
                        await asyncio.sleep(0.05)
            assert store.get("erp:follower") is None
    finally:
        here.close()
        there.close()


async def test_without_its_store_no_stream_goes_on(tmp_path: Path, office: Sandbox) -> None:
    (tmp_path / "redis").mkdir()
    with running(redis_server(), tmp_path / "redis") as port:
        gateway = gateway_on(port, tmp_path / "gateway", office)
        person = Person(gateway, office)
        person.enter("0010001")
        opened = both(gateway.url, person)
        socket, events = await opened.__aenter__()
    try:
        code, reason = await socket.closed()
        assert code == 1013, reason
        assert await events.next() is None, "it breaks off, and a client opens another"
        async with open_socket(gateway.url, person) as again:
            await again.send(type="connection_init")
            assert (await again.closed())[0] == 1013
        async with open_events(gateway.url, FOLLOW, person) as again_events:
            assert again_events.response.status_code == 503
    finally:
        await opened.__aexit__(None, None, None)
        person.browser.close()
        gateway.process.stop(signal.SIGKILL)


async def test_a_stream_is_no_use_of_its_session(tmp_path: Path, office: Sandbox) -> None:
    """It ends by rest as if nobody had looked, though the gateway looks all the time."""
    gateway = Gateway(tmp_path, office, SESSION_IDLE_SECONDS=2, STREAM_CHECK_SECONDS=0.1)
    try:
        with Person(gateway, office) as person:
            person.enter("0010001")
            async with both(gateway.url, person) as streams:
                await ended(*streams)
    finally:
        gateway.close()


async def test_a_stop_ends_streams_at_once(tmp_path: Path, office: Sandbox) -> None:
    """Long before a request under way would be broken off."""
    gateway = Gateway(tmp_path, office, REQUEST_TIMEOUT=600)
    with Person(gateway, office) as person:
        person.enter("0010001")
        async with both(gateway.url, person) as (socket, events):
            stopping = asyncio.create_task(asyncio.to_thread(gateway.process.stop))
            assert (await socket.closed())[0] == 1012
            assert await events.next() is None
            assert await stopping == 0


async def test_the_log_holds_no_secret(house: Gateway, enter: Enter) -> None:
    """Though that gateway logs all that it can."""
    person = enter("0010001")
    async with open_socket(house.url, person) as socket:
        await socket.send(type="connection_init", payload={"authorization": "Bearer a-token-of-this-test"})
        assert (await socket.closed())[0] == 4403
    async with open_socket(house.url, person) as socket:
        await socket.initialise()
        await socket.ask('query ASecretQuery { client(number: "0010001") { number } }')
    text = (house.folder / "gateway.log").read_text()
    assert '"status":101' in text
    cookies = [value for value in person.browser.cookies.values() if len(value) > 16]
    for secret in ("a-token-of-this-test", "ASecretQuery", *cookies):
        assert secret not in text
