"""The operator's lock: nobody gets in or stays in, and the outside can't tell it from a wrong password."""

import asyncio

import httpx2
import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, Browser, House

LOGIN = "100200"


def seen(answer: httpx2.Response, browser: Browser, login: str) -> tuple[object, ...]:
    """All that a visitor could compare, but for what they sent and what is random."""
    text = answer.text.replace(browser.csrf, "CSRF").replace(login, "LOGIN")
    return (
        answer.status_code,
        text,
        {name: value for name, value in answer.headers.items() if "cookie" not in name},
    )


async def attempts(house: House, login: str, password: str) -> list[tuple[object, ...]]:
    browser = house.browser()
    return [
        seen(await browser.post("/login", login=login, password=password), browser, login) for _ in range(7)
    ]


async def test_a_lock_ends_all_and_lets_nobody_in(house: House) -> None:
    await house.activate(LOGIN)
    inside, other = await house.log_in(LOGIN), await house.log_in(LOGIN)
    resetting = await house.at_pin("/reset-password", LOGIN, OTHER_PASSWORD)
    pin = await house.pin()
    assert (await house.auth.locks.lock(LOGIN)).sessions == 2
    for browser in (inside, other):
        assert (await browser.get("/me")).status_code == 401
    assert (await resetting.post("/reset-password", pin=pin)).status_code == 410
    assert (await house.browser().post("/login", login=LOGIN, password=PASSWORD)).status_code == 422
    assert (await inside.post("/login", login=LOGIN, password=PASSWORD)).status_code == 422, "a known device"
    state = await house.auth.locks.read(LOGIN)
    assert (state.active, state.sessions, state.locked is None) == (True, 0, False)


async def test_a_locked_account_answers_as_an_unknown_one(house: House) -> None:
    await house.activate(LOGIN)
    await house.auth.locks.lock(LOGIN)
    unknown = await attempts(house, "999999", PASSWORD)
    assert await attempts(house, LOGIN, PASSWORD) == unknown
    sent = len(await house.mails())
    for path in ("/first-login", "/reset-password"):
        for login in (LOGIN, "999998"):
            await house.at_pin(path, login)
    assert len(await house.mails()) == sent, "no PIN, no notice"
    assert (await house.auth.invitations.deliver(LOGIN, again=True)) == "locked"


async def test_unlock_brings_the_password_back_and_forgets_failures(house: House) -> None:
    await house.activate(LOGIN)
    device = await house.log_in(LOGIN)
    await device.post("/logout")
    stranger = house.browser()
    for browser in (device, stranger):
        for _ in range(6):
            assert (await browser.post("/login", login=LOGIN, password="wrong")).status_code == 422
        assert (await browser.post("/login", login=LOGIN, password=PASSWORD)).status_code == 422
    assert (await house.auth.locks.read(LOGIN)).failures_lock_until is not None
    await house.auth.locks.lock(LOGIN)
    assert (await house.auth.locks.lock(LOGIN)).already
    await asyncio.sleep(0.002)
    assert await house.auth.locks.unlock(LOGIN)
    assert not await house.auth.locks.unlock(LOGIN)
    state = await house.auth.locks.read(LOGIN)
    assert (state.failures, state.failures_lock_until, state.locked) == (0, None, None)
    for browser in (device, stranger):
        await house.log_in(LOGIN, browser=browser)


async def test_failures_after_an_unlock_count_anew(house: House) -> None:
    await house.activate(LOGIN)
    await house.auth.locks.unlock(LOGIN)
    await asyncio.sleep(0.002)
    browser = house.browser()
    for _ in range(5):
        await browser.post("/login", login=LOGIN, password="wrong")
    assert (await house.auth.locks.read(LOGIN)).failures == 5
    assert (await browser.post("/login", login=LOGIN, password=PASSWORD)).status_code == 422


async def test_a_lock_while_a_login_is_worked_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.activate(LOGIN)
    verify = house.auth.passwords.verify

    async def lock_then_verify(stored: str, password: str) -> bool:
        await house.auth.locks.lock(LOGIN)
        return await verify(stored, password)

    monkeypatch.setattr(house.auth.passwords, "verify", lock_then_verify)
    assert (await house.browser().post("/login", login=LOGIN, password=PASSWORD)).status_code == 422


async def test_it_is_in_the_audit(house: House) -> None:
    await house.auth.locks.lock(LOGIN)
    await house.browser().post("/login", login=LOGIN, password=PASSWORD)
    await house.auth.locks.unlock(LOGIN)
    entries = [fields for _, fields in await house.command("XRANGE", "audit", "-", "+")]
    told = [
        dict(zip(fields[::2], fields[1::2], strict=True)) if isinstance(fields, list) else fields
        for fields in entries
    ]
    assert [(each[b"event"], each[b"result"]) for each in told] == [
        (b"account.lock", b"locked"), (b"login", b"barred"), (b"account.unlock", b"unlocked"),
    ]  # fmt: skip
