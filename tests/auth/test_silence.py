"""What is not told: whether a login exists; and no secret in logs, audit or store."""

import logging
import re

import httpx2
import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, House

FIRST = "/first-login"
RESET = "/reset-password"


def bare(answer: httpx2.Response) -> tuple[int, list[tuple[str, str]], str]:
    """Status, headers and body without tokens."""

    def clean(text: str) -> str:
        text = re.sub(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{43}|[0-9a-f]{64}|=[A-Za-z0-9_-]{43};", "…", text)
        return text.replace("100200", "999999")

    headers = [(name, clean(value)) for name, value in answer.headers.multi_items()]
    return answer.status_code, headers, clean(answer.text)


async def walk(house: House, path: str, login: str) -> list[tuple[int, list[tuple[str, str]], str]]:
    browser = house.browser()
    answers = [await browser.get(path), await browser.post(path, login=login), await browser.get(path)]
    answers += [await browser.post(path, password="xyq", password_again="xyq")]
    answers += [await browser.post(path, password="Kowalska!7x", password_again="Kowalska!7x")]
    answers += [await browser.get(path), await browser.post(path, resend="1")]
    answers += [await browser.post(path, pin="0000 0000") for _ in range(10)]
    answers += [await browser.post(path, pin="0000 0000")]
    return [bare(answer) for answer in answers]


@pytest.mark.parametrize("path", [FIRST, RESET])
@pytest.mark.parametrize("active", [True, False])
async def test_a_decoy_looks_like_a_real_flow_byte_for_byte(house: House, path: str, active: bool) -> None:
    if active:
        await house.activate()
    before = house.auth.passwords.hashed
    real = await walk(house, path, "100200")
    hashed = house.auth.passwords.hashed - before
    decoy = await walk(house, path, "999999")
    assert real == decoy
    assert house.auth.passwords.hashed - before - hashed == hashed == 1
    assert [status for status, _, _ in real] == [200, 303, 200, 422, 303, 200, 303, *[422] * 9, 410, 410]
    assert all(mail.to == "anna@example.com" for mail in await house.mails())


async def test_one_answer_for_every_failed_login(house: House) -> None:
    await house.activate()
    await house.activate("300400", OTHER_PASSWORD)
    house.directory.people.pop("300400")  # no longer active in the back office
    before = house.auth.passwords.hashed
    answers = [
        bare(await house.browser().post("/login", login=login, password=password))
        for login, password in (("100200", OTHER_PASSWORD), ("999999", PASSWORD), ("300400", OTHER_PASSWORD))
    ]
    answers = [(status, headers, text.replace("300400", "999999")) for status, headers, text in answers]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 422
    assert house.auth.passwords.hashed - before == 3
    for _ in range(4):
        await house.browser().post("/login", login="100200", password=OTHER_PASSWORD)
    locked = await house.browser().post("/login", login="100200", password=PASSWORD)
    assert bare(locked) == answers[0]
    assert house.auth.passwords.hashed - before == 3 + 5


async def test_no_secret_in_logs_audit_or_store(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    house.mailer.failures = 1
    await house.auth.invite("100200")
    invitation = re.search(r"invite=(\S+)", (await house.mails())[-1].text)
    assert invitation
    browser = await house.at_pin()
    pin = await house.pin()
    await browser.post(FIRST, pin="0000 0000")
    flow = browser.http.cookies["lg_first"]
    mid_dump = await dump(house)
    await browser.post(FIRST, pin=pin)
    await house.log_in(browser=browser)
    await house.browser().post("/login", login="100200", password="Wrong;Pass1")
    session = browser.http.cookies["lg_session"]
    await browser.post("/sessions", everywhere="1")
    secrets = [PASSWORD, "Wrong;Pass1", pin, pin.replace(" ", ""), invitation[1], flow, session]
    secrets += [flow.partition(".")[2], session.partition(".")[2]]
    entries = str(await house.command("XRANGE", "audit", "-", "+"))
    for place in (caplog.text, entries, mid_dump, await dump(house)):
        assert not [secret for secret in secrets if secret in place]
    assert "100200" not in caplog.text + entries
    for event in ("invite", "first.start", "first.candidate", "first.pin", "login", "session.end_all"):
        assert event in entries


async def dump(house: House) -> str:
    """Every key with its value, as the store serialises it."""
    keys = await house.command("KEYS", "*")
    parts = []
    for key in keys:
        kind = (await house.command("TYPE", key)).decode()
        if kind == "none":  # it has ended meanwhile
            continue
        command = {
            "hash": ("HGETALL", key),
            "string": ("GET", key),
            "list": ("LRANGE", key, 0, -1),
            "stream": ("XRANGE", key, "-", "+"),
        }[kind]
        parts.append(f"{key} {await house.command(*command)}")
    return "\n".join(parts)
