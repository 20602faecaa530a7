"""Mails that were promised: sent though the gateway dies or the mail server is away, and read by nobody."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from auth.errors import MailRefused
from auth.outbox import DUE, KEPT, MAILS
from tests.auth.house import PASSWORD, Browser, House, HouseMaker

FIRST = "/first-login"


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits for a condition."""
    for _ in range(2000):
        if await holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def kept(house: House) -> int:
    return int(await house.command("HLEN", MAILS))


@contextmanager
def killed(house: House) -> Iterator[House]:
    """What is still under way in it at the block's end goes no further."""
    try:
        yield house
    finally:
        for task in list(house.auth.mail_queue._tasks.values()):
            task.cancel()


async def promised(house: House, login: str = "100200") -> Browser:
    """A browser to which the gateway said that a PIN comes."""
    browser = house.browser()
    await browser.post(FIRST, login=login)
    assert (await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)).status_code == 303
    return browser


async def _sent(house: House, count: int) -> bool:
    return len(house.mailer.sent) >= count


async def _tried(house: House, count: int) -> bool:
    return len(house.mailer.tried) >= count


def _taken(house: House, count: int) -> Callable[[], Awaitable[bool]]:
    async def taken() -> bool:
        return len(house.auth.mail_queue._tasks) == count

    return taken


async def _empty(house: House) -> bool:
    return await kept(house) == 0 and not await house.command("EXISTS", DUE, KEPT)


async def test_the_mail_of_a_killed_gateway_is_sent_by_another(houses: HouseMaker) -> None:
    with killed(houses(mail_delay_seconds=1000, outbox_lease_seconds=0.05)) as house:
        browser = await promised(house)
    assert house.mailer.sent == []
    other = houses(outbox_lease_seconds=0.05)
    other.auth.mail_queue.start()
    await until(lambda: _sent(other, 1))
    pin = await other.pin()
    with killed(house):
        answer = await browser.post(FIRST, pin=pin)
    assert answer.headers["location"] == "/login?done=first"
    await until(lambda: _sent(other, 2))
    assert [mail.subject.partition(": ")[2] for mail in other.mailer.sent] == [
        "kod PIN do ustalenia hasła", "hasło zostało ustalone",
    ]  # fmt: skip
    await until(lambda: _empty(other))


async def test_a_mail_server_that_is_away_for_longer(
    houses: HouseMaker, caplog: pytest.LogCaptureFixture
) -> None:
    house = houses(outbox_lease_seconds=0.2)
    house.mailer.failures = 3 + 2  # all tries, and two of the next ones
    house.auth.mail_queue.start()
    await house.at_pin()
    await until(lambda: _sent(house, 1))
    await until(lambda: _empty(house))
    assert len(house.mailer.sent) == 1
    assert "tried again later" in caplog.text
    assert house.auth.mail_queue.outcomes == {"sent": 1, "retried": 5, "given-up": 0}


async def test_every_try_of_a_mail_has_its_key(houses: HouseMaker) -> None:
    """Should the first have arrived after all, it can be known as the same."""
    house = houses(outbox_lease_seconds=0.2)
    house.mailer.failures = 5
    house.auth.mail_queue.start()
    await house.at_pin()
    await until(lambda: _sent(house, 1))
    assert len(house.mailer.tried) == 6
    assert set(house.mailer.tried) == {house.mailer.sent[0].key}


async def test_a_mail_that_is_refused_for_good_is_given_up(
    houses: HouseMaker, caplog: pytest.LogCaptureFixture
) -> None:
    house = houses(outbox_lease_seconds=0.2)
    house.mailer.refusal = MailRefused(final=True)
    house.auth.mail_queue.start()
    await promised(house)
    await until(lambda: _empty(house))
    assert len(house.mailer.tried) == 1
    assert "refused a credential mail for good" in caplog.text
    assert house.auth.mail_queue.outcomes == {"sent": 0, "retried": 0, "given-up": 1}


async def test_a_mail_waits_while_the_server_refuses_us(houses: HouseMaker) -> None:
    """Somebody may mend the password of the mail server meanwhile."""
    house = houses(outbox_lease_seconds=0.2)
    house.mailer.refusal = MailRefused(final=False)
    house.auth.mail_queue.start()
    await promised(house)
    await until(lambda: _tried(house, 2))
    assert await kept(house) == 1
    house.mailer.refusal = None
    await until(lambda: _sent(house, 1))
    await until(lambda: _empty(house))


async def test_a_mail_whose_pin_is_void_is_not_sent(
    houses: HouseMaker, caplog: pytest.LogCaptureFixture
) -> None:
    with killed(houses(mail_delay_seconds=1000, outbox_lease_seconds=0.01, pin_seconds=0.02)) as house:
        await promised(house)
    await asyncio.sleep(0.03)
    other = houses(outbox_lease_seconds=0.05)
    other.auth.mail_queue.start()
    await until(lambda: _empty(other))
    assert other.mailer.sent == []
    assert "could not be sent in their time: 1" in caplog.text
    assert other.auth.mail_queue.outcomes == {"sent": 0, "retried": 0, "given-up": 1}


async def test_the_oldest_is_known_whoever_has_it(houses: HouseMaker) -> None:
    with killed(houses(mail_delay_seconds=1000, outbox_lease_seconds=0.05)) as house:
        queue = house.auth.mail_queue
        assert await queue.backlog() == (0, 0)
        await promised(house)
        mails, age = await queue.backlog()
        assert mails == 2, "one of them a decoy"
        await asyncio.sleep(0.1)
        later = await queue.backlog()
        assert later.mails == 2
        assert later.oldest > age
    other = houses(mail_delay_seconds=1000, outbox_lease_seconds=0.05)
    with killed(other):
        other.auth.mail_queue.start()
        await until(_taken(other, 2))
        assert (await other.auth.mail_queue.backlog()).oldest >= later.oldest, "a lease makes it no younger"


async def leases(house: House) -> list[float]:
    """When each ends, by the mails' ids."""
    ids = sorted(await house.command("ZRANGE", DUE, 0, -1))
    return [float(await house.command("ZSCORE", DUE, each)) for each in ids]


async def test_what_is_under_way_is_left_alone(houses: HouseMaker) -> None:
    """And its lease goes on for as long as the gateway lives."""
    with killed(houses(mail_delay_seconds=1000, outbox_lease_seconds=60)) as sending:
        await promised(sending)
        assert await houses().auth.mail_queue._outbox.take() == ([], 0)
        before = await leases(sending)
        await asyncio.sleep(0.002)
        sending.auth.mail_queue.start()

        async def held() -> bool:
            after = await leases(sending)
            return len(after) == len(before) and sum(after) > sum(before)

        await until(held)


async def test_the_store_can_not_read_it_nor_tell_a_decoy(houses: HouseMaker) -> None:
    with killed(houses(mail_delay_seconds=1000)) as house:
        for login in ("100200", "999999"):
            await promised(house, login)
    values = await house.command("HVALS", MAILS)
    assert len(values) == 4, "two for each login"
    assert len({len(value) for value in values}) == 1
    for value in values:
        for text in (b"anna@", b"100200", b"Kowalska", b"already"):
            assert text not in value


async def test_what_is_not_ours_does_not_stop_the_others(
    houses: HouseMaker, caplog: pytest.LogCaptureFixture
) -> None:
    """An entry of another installation, or of somebody who can only write to the store."""
    with killed(houses(mail_delay_seconds=1000, outbox_lease_seconds=0.05)) as house:
        await promised(house)
    sealed = (await house.command("HVALS", MAILS))[0].decode().partition(":")[2]
    foreign = ("AAAA" * 10, "no base64", "", sealed)  # the last one under another id
    for number, text in enumerate(foreign):
        await house.command("HSET", MAILS, f"0{number}", f"{10**14}:{text}")
        await house.command("ZADD", DUE, 0, f"0{number}")
    other = houses(outbox_lease_seconds=0.05)
    other.auth.mail_queue.start()
    await until(lambda: _sent(other, 1))

    async def only_foreign_are_left() -> bool:
        return await kept(house) == len(foreign)

    await until(only_foreign_are_left)
    assert len(other.mailer.sent) == 1
    assert caplog.text.count("mails in the store can't be read") == 1
