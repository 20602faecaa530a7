"""What the back office changes in accounts: followed by the gateway, over restarts and failures."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from connectors.erp.changes import Change, Changes
from connectors.errors import MalformedRecord, UpstreamUnavailable
from gateway.change_follower import PAGE, ChangeFollower
from gateway.settings import Settings
from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.stores import open_store

CLIENTS = "{ viewer { user { displayName role } clients { nodes { number } } } }"
STRANGER = {"data": {"viewer": None}}
MOVED = "efaktury-nowy@example.com"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A back office of their own, whose accounts these tests change."""
    running = Sandbox(tmp_path_factory.mktemp("changing-sandbox"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def following(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Gateway]:
    running = Gateway(tmp_path_factory.mktemp("following"), sandbox, ERP_CHANGES_SECONDS=0.05)
    yield running
    running.close()


@pytest.fixture
def person(following: Gateway, sandbox: Sandbox) -> Iterator[Person]:
    with Person(following, sandbox) as somebody:
        yield somebody


def office(sandbox: Sandbox, login: str, **change: Any) -> None:
    sandbox.ask("PUT", f"/sandbox/accounts/{login}", change)


def until(holds: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up, what
        time.sleep(0.02)


def logged_out(person: Person) -> bool:
    return bool(person.ask(CLIENTS) == STRANGER)


def test_a_deactivated_user_is_out(person: Person, sandbox: Sandbox) -> None:
    person.enter("0010002")
    office(sandbox, "0010002", clientNumbers=[])
    until(lambda: logged_out(person), "the session goes on")
    assert person.submit("/login", login="0010002", password=PASSWORD).status_code == 422
    office(sandbox, "0010002", clientNumbers=["0010002"])
    person.log_in("0010002")


@pytest.mark.parametrize("change", [{"role": "FLEET"}, {"clientNumbers": ["0010003", "0010013"]}], ids=str)
def test_other_rights_count_from_the_next_login(
    change: dict[str, Any], person: Person, sandbox: Sandbox
) -> None:
    person.enter("0010003")
    office(sandbox, "0010003", **change)
    until(lambda: logged_out(person), "the session goes on")
    person.log_in("0010003")
    viewer = person.data(CLIENTS)["viewer"]
    (account,) = sandbox.ask("POST", "/v1/accounts/get", {"by": "login", "keys": ["0010003"]})["results"]
    assert viewer["user"]["role"] == account["role"]
    assert [node["number"] for node in viewer["clients"]["nodes"]] == account["clientNumbers"]
    assert change.items() <= account.items()


def test_another_name_shows_in_the_living_session(person: Person, sandbox: Sandbox) -> None:
    person.enter("0010005")
    office(sandbox, "0010005", displayName="Żaneta Inna")
    until(
        lambda: person.data(CLIENTS)["viewer"]["user"]["displayName"] == "Żaneta Inna",
        "the name is the old one",
    )


def test_another_address_ends_what_was_sent_to_the_old_one(person: Person, sandbox: Sandbox) -> None:
    """The PIN, the flow and the session end; the old address is told, the new PIN goes to the new one."""
    login, old = "0010006", person.email("0010006")
    person.enter(login)
    flow = {"login": login}
    assert person.submit("/reset-password", **flow).status_code == 303
    known = len(person.pins(login))
    password = "Inne-Jabłko88"
    assert person.submit("/reset-password", password=password, password_again=password).status_code == 303
    pin = person.pin(login, newer_than=known)
    page = Form(person.browser.get("/reset-password").text).fields
    office(sandbox, login, email=MOVED)
    until(lambda: logged_out(person), "the session goes on")
    assert person.browser.post("/reset-password", data={**page, "pin": pin}).status_code == 410

    def notices() -> list[dict[str, str]]:
        return [mail for mail in sandbox.mails(old) if "zmieniono adres" in mail["subject"]]

    until(lambda: bool(notices()), "the old address wasn't told")
    (notice,) = notices()
    assert login in notice["text"]
    assert MOVED not in notice["text"]
    assert not re.search(r"https?://", notice["text"])
    person.log_in(login)
    assert person.submit("/reset-password", **flow).status_code == 303
    assert person.submit("/reset-password", password=password, password_again=password).status_code == 303
    person.pin(login)  # from the mailbox of the new address
    assert len(notices()) == 1


def test_what_changed_while_the_gateway_was_away(
    person: Person, sandbox: Sandbox, following: Gateway
) -> None:
    person.enter("0010014")
    assert following.process.stop() == 0
    office(sandbox, "0010014", clientNumbers=[])
    following.restart()
    until(lambda: logged_out(person), "the session goes on")


def test_what_changed_while_the_feed_was_away(person: Person, sandbox: Sandbox) -> None:
    person.enter("0010015")
    with sandbox.fault("/v1/changes", status=503):
        office(sandbox, "0010015", clientNumbers=[])
        assert not logged_out(person), "who is logged in already goes on"
    until(lambda: logged_out(person), "the session goes on")


class Feed:
    """An ERP with a feed of changes, and an auth that writes down what it is told."""

    system = "erp"

    def __init__(self) -> None:
        self.changed = [str(number) for number in range(PAGE + 50)]
        self.asked: list[int] = []
        self.told: list[tuple[str, Any]] = []
        self.down = False

    async def changes(self, after: int, limit: int) -> Changes:
        self.asked.append(after)
        page = tuple(Change("accounts", login) for login in self.changed[after : after + limit])
        end = after + len(page) if len(page) == limit else len(self.changed)
        return Changes(page, end, end < after)

    async def accounts_by_login(self, logins: list[str]) -> list[Any]:
        if self.down:
            raise UpstreamUnavailable("erp")
        broken = MalformedRecord("erp", "account", "no role")
        return [{"7": broken, "8": None}.get(login, f"account {login}") for login in logins]

    async def changed_account(self, login: str, account: Any) -> None:
        self.told.append((login, account))

    async def end_all_of(self, login: str) -> None:
        self.told.append((login, "sessions end"))


class Auth:
    """As the follower sees it."""

    def __init__(self, feed: Feed) -> None:
        self.sessions = feed
        self.accounts = self
        self.changed = feed.changed_account


POSITION = "erp:changes"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Redis]:
    async with open_store(Settings(data_dir=tmp_path)) as opened:
        yield opened


def follower(feed: Feed, store: Redis) -> ChangeFollower:
    return follows(feed, store, 3600)


def follows(feed: Feed, store: Any, seconds: float) -> ChangeFollower:
    auth = cast("Any", Auth(feed))
    return ChangeFollower(feed, ["users"], cast("Any", feed), auth, store, seconds)


async def test_page_by_page_and_on_from_there(store: Redis) -> None:
    feed = Feed()
    first = follower(feed, store)
    assert await first.step() is True
    feed.down = True
    with pytest.raises(UpstreamUnavailable):
        await first.step()
    feed.down = False
    assert await follower(feed, store).step() is True, "another one goes on where it was"
    assert await first.step() is False
    assert feed.asked == [0, PAGE, PAGE, PAGE + 50]
    assert [login for login, _ in feed.told] == feed.changed
    assert dict(feed.told)["9"] == "account 9"
    assert dict(feed.told)["8"] is None
    assert dict(feed.told)["7"] == "sessions end", "nobody can tell what a broken account allows"
    feed.told.clear()
    feed.changed += ["5", "6", "5"]
    assert await first.step() is True
    assert [login for login, _ in feed.told] == ["5", "6"]
    assert await store.get(POSITION) == str(len(feed.changed)).encode()


async def test_a_feed_that_begins_anew_is_read_from_its_begin(store: Redis) -> None:
    feed = Feed()
    await store.set(POSITION, 10**6)
    assert await follower(feed, store).step() is True
    assert await follower(feed, store).step() is True
    assert feed.asked == [10**6, 0]
    assert len(feed.told) == PAGE


async def test_it_goes_on_after_whatever_failed(store: Redis, caplog: pytest.LogCaptureFixture) -> None:
    """And says so once, not at every look."""
    feed = Feed()
    feed.down = True
    changes = follows(feed, store, 0.001)
    async with changes.running():
        await until_async(lambda: len(feed.asked) > 5)
        feed.down = False
        # It asks from the end only once its position is stored: it won't overwrite what we store.
        await until_async(lambda: feed.asked[-1] == len(feed.changed))
        await store.set(POSITION, "junk")
        await until_async(lambda: "Traceback" in caplog.text)
        await store.set(POSITION, len(feed.changed))
        feed.changed.append("last")
        await until_async(lambda: feed.told[-1][0] == "last")
    said = [record.levelname for record in caplog.records if "can't be followed" in record.message]
    assert said == ["WARNING", "ERROR"]


async def until_async(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


class DeafStore:
    """Loses a cancellation, as a client does whose read is cancelled while it times out."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def set(self, _key: str, _value: str, **_how: object) -> bool:
        return True

    async def get(self, key: str) -> None:
        if key != POSITION:
            return
        self.asked.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


async def test_it_stops_where_a_cancellation_is_lost() -> None:
    feed, store = Feed(), DeafStore()
    feed.changed = []
    follower = follows(feed, store, 3600)
    async with asyncio.timeout(20):
        async with follower.running():
            await store.asked.wait()
    assert feed.asked == [0]
