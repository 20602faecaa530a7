"""Login, its failure schedule, and sessions."""

import asyncio
import re
import time

import pytest
from redis.crc import key_slot

from auth.login_pages import own_path
from tests.auth.house import OTHER_PASSWORD, PASSWORD, Browser, House, HouseMaker


async def fail(house: House, times: int, browser: Browser | None = None) -> None:
    for _ in range(times):
        answer = await (browser or house.browser()).post("/login", login="100200", password="Wrong;Pass1")
        assert answer.status_code == 422


async def may_log_in(house: House, browser: Browser | None = None) -> bool:
    answer = await (browser or house.browser()).post("/login", login="100200", password=PASSWORD)
    return answer.status_code == 303


async def test_lock_schedule(house: House) -> None:
    await house.activate()
    counter = house.auth.keys.of_login("100200").login_failures
    await fail(house, 4)
    assert await may_log_in(house)
    for minutes in (1, 2, 4, 8, 15, 15):
        await fail(house, 1)  # the first of these is the fifth
        assert not await may_log_in(house)
        seconds, microseconds = await house.redis.time()
        locked_until = int(await house.command("HGET", counter, "until")) / 1000
        assert locked_until - seconds - microseconds / 1e6 == pytest.approx(minutes * 60, abs=5)
        await house.command("HSET", counter, "until", int(seconds) * 1000 - 1)  # the time is over
    assert await may_log_in(house)
    assert 43190 < await house.command("TTL", counter) <= 43200


async def test_failures_are_forgotten(houses: HouseMaker) -> None:
    house = houses(login_failures_forgotten_seconds=0.1)
    await house.activate()
    await fail(house, 5)
    await asyncio.sleep(0.12)
    assert await may_log_in(house)


async def test_a_known_device_is_not_locked_out_by_strangers(house: House) -> None:
    await house.activate()
    owner = await house.log_in()
    await fail(house, 6)
    assert not await may_log_in(house)
    assert await may_log_in(house, owner)
    await fail(house, 4, owner)
    assert await may_log_in(house, owner)  # success clears the device's own counter
    await fail(house, 5, owner)
    assert not await may_log_in(house, owner)


async def test_a_device_cookie_is_for_one_account_and_cannot_be_made_up(house: House) -> None:
    await house.activate()
    await house.activate("300400", OTHER_PASSWORD)
    stranger = await house.log_in("300400", OTHER_PASSWORD)
    await fail(house, 5)
    assert not await may_log_in(house, stranger)
    forged = house.browser()
    forged.http.cookies.set("lg_device", f"{'a' * 43}.{'0' * 64}")
    assert not await may_log_in(house, forged)


async def test_commit_clears_the_lock(house: House) -> None:
    await house.activate()
    await fail(house, 5)
    browser = await house.at_pin("/reset-password", password=OTHER_PASSWORD)
    await browser.post("/reset-password", pin=await house.pin())
    await house.log_in(password=OTHER_PASSWORD)


async def test_missing_fields_are_named(house: House) -> None:
    answer = await house.browser().post("/login", login="", password="")
    assert answer.status_code == 422
    assert "Prosimy wpisać numer login" in answer.text
    assert "Prosimy wpisać hasło" in answer.text


async def test_a_new_session_id_at_each_login_and_the_old_one_ends(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    first = browser.http.cookies["lg_session"]
    await house.log_in(browser=browser)
    assert browser.http.cookies["lg_session"] != first
    assert await house.auth.sessions.by_token(first) is None


async def test_session_fields_follow_the_last_login(house: House) -> None:
    await house.activate()
    house.directory.people["100200"].client_numbers = ("100200",)
    browser = await house.log_in()
    session = await house.auth.sessions.by_token(browser.http.cookies["lg_session"])
    assert session is not None
    assert session.client_numbers == ("100200",)
    assert (session.role, session.epoch, session.display_name) == ("owner", 1, "Anna Kowalska-Łęcka")
    seconds, _ = await house.redis.time()
    assert abs(session.auth_time - int(seconds)) <= 1
    assert "anna@" not in repr(session)
    house.directory.down = True  # a session needs no directory
    assert (await browser.get("/me")).status_code == 200


async def test_at_most_five_sessions_and_the_oldest_ends(house: House) -> None:
    await house.activate()
    browsers = [await house.log_in() for _ in range(6)]
    assert [(await browser.get("/me")).status_code for browser in browsers] == [401, *[200] * 5]
    entries = [fields for _, fields in await house.command("XRANGE", "audit", "-", "+")]
    (ended,) = [fields for fields in entries if fields[b"event"] == b"session.end"]
    assert ended[b"result"] == b"too many"
    (first, *_) = [fields for fields in entries if fields[b"event"] == b"login"]
    assert ended[b"session"] == first[b"session"]


async def test_idle_and_absolute_time(houses: HouseMaker) -> None:
    house = houses(idle_seconds=1.2, absolute_seconds=3.0, touch_seconds=0.02)
    await house.activate()
    idle, busy = await house.log_in(), await house.log_in()
    for _ in range(4):
        await asyncio.sleep(0.4)
        assert (await busy.get("/me")).status_code == 200
    assert (await idle.get("/me")).status_code == 401
    await asyncio.sleep(1.5)
    assert (await busy.get("/me")).status_code == 401


@pytest.mark.parametrize("recall_seconds", [0, 1, 3600])
async def test_how_often_the_store_is_asked_for_a_session(houses: HouseMaker, recall_seconds: float) -> None:
    house = houses(recall_seconds=recall_seconds)
    await house.activate()
    browser = await house.log_in()
    await browser.get("/me")

    async def counted() -> tuple[int, int]:
        stats = await house.redis.info("commandstats")
        return stats["cmdstat_evalsha"]["calls"], stats["cmdstat_hset"]["calls"]

    (scripts, writes), began = await counted(), time.monotonic()
    for _ in range(10):
        assert (await browser.get("/me")).status_code == 200
    seconds = time.monotonic() - began
    asked, written = await counted()
    assert written == writes
    if recall_seconds:
        assert asked - scripts <= 1 + seconds / recall_seconds
    else:
        assert asked - scripts == 10


async def test_list_and_end_own_sessions(house: House) -> None:
    await house.activate()
    first = await house.log_in(browser=house.browser(**{"user-agent": "Mozilla (Windows) Firefox/1"}))
    second = await house.log_in()
    page = (await second.get("/sessions")).text
    assert page.count('name="end"') == 2
    assert "Firefox, Windows" in page
    assert "ta sesja" in page
    assert "lg_session" not in page
    ids = re.findall(r'name="end" value="(\w+)"', page)
    own = await house.auth.sessions.by_token(second.http.cookies["lg_session"])
    assert own is not None
    (other,) = set(ids) - {own.session_id_hash}
    answer = await second.post("/sessions", end=other)
    assert answer.headers["location"] == "/sessions?done=ended"
    assert (await first.get("/me")).status_code == 401
    assert (await second.get("/me")).status_code == 200
    assert (await first.get("/sessions")).headers["location"] == "/login?next=/sessions"
    answer = await second.post("/sessions", end=own.session_id_hash)
    assert answer.headers["location"] == "/login?done=logout"


async def test_nobody_ends_sessions_of_another_account(house: House) -> None:
    await house.activate()
    await house.activate("300400", OTHER_PASSWORD)
    victim, attacker = await house.log_in(), await house.log_in("300400", OTHER_PASSWORD)
    session = await house.auth.sessions.by_token(victim.http.cookies["lg_session"])
    assert session is not None
    await attacker.post("/sessions", end=session.session_id_hash)
    assert (await victim.get("/me")).status_code == 200


async def test_log_out_everywhere_at_once(house: House) -> None:
    await house.activate()
    browsers = [await house.log_in() for _ in range(3)]
    flow = await house.at_pin("/reset-password", password=OTHER_PASSWORD)
    answer = await browsers[0].post("/sessions", everywhere="1")
    assert answer.headers["location"] == "/login?done=everywhere"
    assert [(await browser.get("/me")).status_code for browser in browsers] == [401] * 3
    assert (await flow.post("/reset-password", pin=await house.pin())).status_code == 410


async def test_logout(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    token = browser.http.cookies["lg_session"]
    answer = await browser.post("/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=logout")
    assert "lg_session" not in browser.http.cookies
    assert await house.auth.sessions.by_token(token) is None
    assert (await browser.http.get("/logout")).status_code == 405


async def test_next(house: House) -> None:
    await house.activate()
    browser = house.browser()
    page = (await browser.get("/login?next=/contracts?page=2")).text
    assert 'name="next" value="/contracts?page=2"' in page
    answer = await browser.post("/login", login="100200", password=PASSWORD, next="/contracts")
    assert answer.headers["location"] == "/contracts"


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "//example.com",
        "/\\example.com",
        "https://example.com",
        "x",
        "/a\r\nb",
        "/a\\b",
        "/\t/e",
        "/ą",
    ],
)
def test_only_own_paths(text: str | None) -> None:
    assert own_path(text) == "/"


async def test_passwords_are_hashed_again_when_parameters_or_pepper_change(houses: HouseMaker) -> None:
    await houses().activate()
    newer = houses(hash_memory_kib=128, password_peppers={1: b"q" * 32})
    await newer.log_in()
    stored = await newer.command("HGET", newer.auth.keys.of_login("100200").account, "password")
    assert stored.startswith(b"1$argon2id$v=19$m=128,t=1,p=1$")
    await newer.log_in()


def test_keys_of_an_account_share_a_slot(house: House) -> None:
    keys = house.auth.keys.of_login("100200")
    names = [keys.account, keys.sessions, keys.login_failures, keys.flow("first", "x"), keys.notice("first")]
    names += [keys.wrong_pins("invited"), keys.pin_mails("invited"), keys.resends("invited")]
    names += [keys.device_failures("x")]
    assert len({key_slot(name.encode()) for name in names}) == 1
    assert not [name for name in names if "100200" in name]


async def test_a_session_that_is_over_is_told_at_the_login(house: House) -> None:
    """Else somebody who was sent to the login for an idle quarter of an hour doesn't know why."""
    await house.activate()
    browser = await house.log_in()
    over = "Sesja wygasła lub została zakończona"
    assert over not in (await browser.get("/login?next=/sessions")).text
    await house.age_session(browser, seconds=3600, seen=True)
    assert over in (await browser.get("/login?next=/sessions")).text
    assert over not in (await browser.get("/login?done=reset")).text, "one notice at a time"
    assert over not in (await house.browser().get("/login?next=/sessions")).text
    await house.log_in(browser=browser)
    assert over not in (await browser.get("/login")).text
    await browser.post("/logout")
    assert over not in (await browser.get("/login")).text


async def test_what_is_no_number_is_told_at_its_field(house: House) -> None:
    """An address or a tax number with letters is a slip: it counts nowhere."""
    page = (await house.browser().post("/login", login="anna@example.com", password="")).text
    assert "Numer login składa się z samych cyfr" in page
    assert "Prosimy wpisać hasło" in page
    assert 'value="anna@example.com"' in page
