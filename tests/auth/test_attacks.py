"""Attacks that once worked, or that only care keeps from working."""

import asyncio
import time

import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, House, HouseMaker, Person, other_pin

FIRST = "/first-login"
RESET = "/reset-password"


async def test_one_address_does_not_take_the_whole_hash_pool(houses: HouseMaker) -> None:
    house = houses(hash_memory_kib=16384, hash_workers=1, hash_queue=5, requests_at_once=2)
    flood = [house.browser() for _ in range(2)]
    for browser in flood:
        await browser.get("/login")
    one = [flood[0].post("/login", login=str(number), password=PASSWORD) for number in range(20)]
    other = flood[1].post("/login", login="300400", password=PASSWORD)
    answers = await asyncio.gather(*one, other)
    assert {answer.status_code for answer in answers} == {422}  # in turn, and nobody gets a 503


async def test_a_slow_directory_tells_nothing(houses: HouseMaker) -> None:
    """A back office may be slower for logins that it has; answers come on a beat."""
    house = houses(answer_step_seconds=0.2)
    for path in (FIRST, RESET, "/login"):
        for login in ("100200", "999999"):
            browser = house.browser()
            await browser.get(path)
            begun = time.monotonic()
            await browser.post(path, login=login, password=OTHER_PASSWORD)
            assert time.monotonic() - begun >= 0.2


async def test_whether_there_is_a_mail_to_send_does_not_show_in_the_next_answer(houses: HouseMaker) -> None:
    """Composing and sending begin a while after the answer, and not on the same moment each time."""
    house = houses(mail_delay_seconds=0.3)
    await house.activate()
    browser = await house.at_pin(RESET)
    sent = len(await house.mails())
    await browser.post(FIRST, login="100200")  # "already active"
    await browser.post(FIRST, login="100200")  # ends the former flow, with the mail still to be sent
    assert len(house.mailer.sent) == sent
    assert len(await house.mails()) == sent + 1


async def test_strangers_do_not_keep_the_owner_from_a_new_password(houses: HouseMaker) -> None:
    """Wrong PINs and mails of strangers are counted apart from those of a browser that was once logged in."""
    house = houses(resend_seconds=0)
    await house.activate()
    owner = await house.log_in()
    for _ in range(2):
        stranger = await house.at_pin(RESET, password=OTHER_PASSWORD)
        pin = await house.pin()
        for _ in range(9):
            await stranger.post(RESET, pin=other_pin(pin))
        for _ in range(9):
            await stranger.post(RESET, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
    assert (await stranger.post(RESET, pin="0000 0000")).status_code == 429
    sent = len(await house.mails())
    await owner.post(RESET, login="100200")
    await owner.post(RESET, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
    assert len(await house.mails()) == sent + 1
    answer = await owner.post(RESET, pin=await house.pin())
    assert answer.headers["location"] == "/login?done=reset"


async def test_a_device_cookie_counts_for_its_own_account_only(house: House) -> None:
    await house.activate()
    other = await house.log_in()
    await house.activate("300400", OTHER_PASSWORD)
    await other.post(RESET, login="300400")
    keys = house.auth.keys.of_login("300400")
    flow = keys.flow("reset", other.http.cookies["lg_reset"])
    assert await house.command("HGET", flow, "entry") == b"anonymous"


async def test_made_up_flows_leave_no_trace_in_the_audit(house: House) -> None:
    keys = house.auth.keys.of_login("100200")
    browser = house.browser(cookie=f"lg_first={keys.tag}.{'x' * 43}")
    before = await house.command("XLEN", "audit")
    assert (await browser.http.post(FIRST, data={"cancel": "1"})).status_code == 303
    assert await house.command("XLEN", "audit") == before


async def test_unknown_logins_leave_nothing_that_stays(house: House) -> None:
    """Every key that a stranger can cause ends by itself."""
    for path in (FIRST, RESET):
        browser = await house.at_pin(path, "999999")
        await browser.post(path, pin="0000 0000")
        await browser.post(path, resend="1")
    await house.browser().post("/login", login="999999", password=PASSWORD)
    await house.browser().post("/login", login="ż" * 900, password=PASSWORD)
    await house.browser().post("/logout")
    keys = [key for key in await house.command("KEYS", "*") if b"audit" not in key]
    assert len(keys) > 8
    for_ever = -1  # -2 is one that has ended meanwhile
    assert [key for key in keys if await house.command("PTTL", key) == for_ever] == []


async def test_a_planted_session_is_not_taken_over(house: House) -> None:
    await house.activate()
    tag = house.auth.keys.of_login("100200").tag
    planted = f"{tag}.{'x' * 43}"
    browser = house.browser()
    browser.http.cookies.set("lg_session", planted, domain="localhost.local", path="/")
    await house.log_in(browser=browser)
    assert browser.http.cookies["lg_session"] != planted
    assert await house.auth.sessions.by_token(planted) is None


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '" onload="alert(1)', "x{{ 7*7 }}x{0}%s", "'><img"]
)
async def test_names_of_the_back_office_are_only_text(house: House, evil: str) -> None:
    house.directory.people["100200"] = Person(
        first_name=evil, surname=evil, display_name=evil, company_name=evil
    )
    await house.activate()
    browser = await house.log_in()
    pages = [await browser.get("/sessions")]
    pages += [await browser.post(RESET, login="100200"), await browser.get(RESET)]
    for page in [each.text for each in pages] + [mail.html for mail in await house.mails()]:
        assert not any(mark in page for mark in ("<script>a", '" onload="', "x49x", "'><img"))


@pytest.mark.parametrize("login", ["１００２００", " 100 200 ", "100\u00a0200", "①00200"])
async def test_spellings_of_a_login_are_one_account(house: House, login: str) -> None:
    await house.activate()
    for _ in range(5):
        await house.browser().post("/login", login=login, password=OTHER_PASSWORD)
    answer = await house.browser().post("/login", login="100200", password=PASSWORD)
    assert answer.status_code == 422  # locked, by whichever spelling


@pytest.mark.parametrize(
    "login", ["100200\0", "100200\u200b", "0100200", "+100200", "١٠٠٢٠٠", "100200;", "%s"]
)
async def test_other_spellings_are_nobodys(house: House, login: str) -> None:
    await house.activate()
    sent = len(await house.mails())
    assert (await house.browser().post("/login", login=login, password=PASSWORD)).status_code == 422
    for path in (FIRST, RESET):
        browser = house.browser()
        assert (await browser.post(path, login=login)).status_code in (303, 422)
        await browser.post(path, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
    assert len(await house.mails()) == sent


async def test_long_passwords_cost_little(house: House) -> None:
    browser = house.browser()
    await browser.post(FIRST, login="100200")
    for password in ("\ufdfa" * 800, "1!" * 1900, "aA1!" * 1200):  # U+FDFA is 18 letters in NFKC
        begun = time.monotonic()
        answer = await browser.post(FIRST, password=password, password_again="")
        assert answer.status_code == 422
        answer = await browser.post(FIRST, password=password[:400], password_again=password[:400])
        assert "za długie" in answer.text
        assert time.monotonic() - begun < 1
