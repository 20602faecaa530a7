"""Attacks with many requests at once: every limit counts exactly."""

import asyncio
import re
import threading
from collections import Counter
from itertools import islice

from tests.auth.house import PASSWORD, House, HouseMaker

FIRST = "/first-login"


async def test_wrong_pins_at_once_count_exactly(house: House) -> None:
    browser = await house.at_pin()
    pin = await house.pin()
    guesses = [f"{number:08}" for number in range(40) if f"{number:08}" != pin.replace(" ", "")]
    answers = await asyncio.gather(*(browser.post(FIRST, pin=guess) for guess in guesses))
    assert Counter(answer.status_code for answer in answers) == {422: 9, 410: len(guesses) - 9}
    keys = house.auth.keys.of_login("100200")
    assert await house.command("LLEN", keys.wrong_pins("anonymous")) == 10
    assert (await browser.post(FIRST, pin=pin)).status_code == 410


async def test_right_pins_at_once_commit_once(house: House) -> None:
    browser = await house.at_pin()
    pin = await house.pin()
    answers = await asyncio.gather(*(browser.post(FIRST, pin=pin) for _ in range(20)))
    assert {answer.headers.get("location") for answer in answers} <= {"/login?done=first"}
    keys = house.auth.keys.of_login("100200")
    assert await house.command("HGET", keys.account, "epoch") == b"1"
    assert len([mail for mail in await house.mails() if "ustalone" in mail.subject]) == 1


async def test_right_pins_of_two_flows_at_once_commit_one(house: House) -> None:
    one = await house.at_pin()
    pin_of_one = await house.pin()
    two = await house.at_pin()
    pin_of_two = await house.pin()
    answers = await asyncio.gather(one.post(FIRST, pin=pin_of_one), two.post(FIRST, pin=pin_of_two))
    assert sorted(answer.status_code for answer in answers) == [303, 410]


async def test_logins_at_once_are_reserved_before_hashing(houses: HouseMaker) -> None:
    house = houses(hash_queue=100)
    await house.activate()
    before = house.auth.passwords.hashed
    answers = await asyncio.gather(
        *(house.browser().post("/login", login="100200", password="Wrong;Pass1") for _ in range(30))
    )
    assert {answer.status_code for answer in answers} == {422}
    assert house.auth.passwords.hashed - before == 30
    keys = house.auth.keys.of_login("100200")
    assert await house.command("HGET", keys.login_failures, "failures") == b"5"


async def test_resends_at_once_send_one(houses: HouseMaker) -> None:
    house = houses()
    browser = await house.at_pin()
    keys = house.auth.keys.of_login("100200")
    flow = keys.flow("first", browser.http.cookies["lg_first"])
    await house.command("HSET", flow, "sent", 0)
    await asyncio.gather(*(browser.post(FIRST, resend="1") for _ in range(10)))
    assert len(await house.mails()) == 2


async def test_a_full_hash_pool_is_told_and_costs_no_attempt(houses: HouseMaker) -> None:
    house = houses(hash_workers=1, hash_queue=1)
    await house.activate()
    released = threading.Event()
    house.auth.passwords._pool.submit(released.wait)  # the only worker is busy for as long as we say
    posts = [
        asyncio.ensure_future(house.browser().post("/login", login="100200", password=PASSWORD))
        for _ in range(5)
    ]
    first = [await answer for answer in islice(asyncio.as_completed(posts), 3)]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in first] == [(503, "2")] * 3
    passwords = house.auth.passwords
    assert (passwords.under_way, passwords.waiting, passwords.refused) == (1, 1, 3)
    released.set()
    assert Counter(answer.status_code for answer in await asyncio.gather(*posts)) == {303: 2, 503: 3}
    keys = house.auth.keys.of_login("100200")
    assert not await house.command("EXISTS", keys.login_failures)


async def test_candidates_at_once_leave_one_that_its_own_pin_confirms(house: House) -> None:
    browser = await house.at_pin()
    answers = await asyncio.gather(
        *(browser.post(FIRST, password=PASSWORD, password_again=PASSWORD) for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {303}
    pins = [re.findall(r"^\d{4} \d{4}$", mail.text, re.MULTILINE)[0] for mail in await house.mails()]
    assert len(pins) == 5
    await asyncio.gather(*(browser.post(FIRST, pin=pin) for pin in pins))
    assert await house.epoch() == 1
