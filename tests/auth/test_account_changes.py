"""Accounts that the directory changes: what ends at once, who is told, and nothing in between is missed."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auth import TooManyInvitations
from tests.auth.house import OTHER_PASSWORD, PASSWORD, House, Person

FIRST, RESET = "/first-login", "/reset-password"
LOGIN = "100200"
OLD, NEW = "anna@example.com", "nowa@example.com"


async def change(house: House, **fields: Any) -> Person:
    """The directory has other fields from now on; auth is not told yet."""
    person = house.directory.people[LOGIN] = replace(house.directory.people[LOGIN], **fields)
    return person


def change_in_between(house: House, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """The next question to the directory is answered as before a change, which auth is told of meanwhile."""
    ask = house.directory.account_by_login

    async def late(login: str) -> Person | None:
        monkeypatch.setattr(house.directory, "account_by_login", ask)
        before = await ask(login)
        await house.auth.accounts.changed(login, await change(house, **fields))
        return before

    monkeypatch.setattr(house.directory, "account_by_login", late)


async def addressees(house: House, words: str) -> list[str]:
    return [mail.to for mail in await house.mails() if words in mail.subject]


@pytest.mark.parametrize("fields", [{"role": "fleet"}, {"client_numbers": ("100200",)}], ids=str)
async def test_other_rights_end_the_sessions(house: House, fields: dict[str, Any]) -> None:
    await house.activate()
    browser = await house.log_in()
    flow = await house.at_pin(RESET, password=OTHER_PASSWORD)
    pin = await house.pin()
    person = await change(house, **fields)
    await house.auth.accounts.changed(LOGIN, person)
    assert (await browser.get("/me")).status_code == 401
    assert (await flow.post(RESET, pin=pin)).status_code == 410
    again = await house.log_in()
    await house.auth.accounts.changed(LOGIN, person)
    answer = await again.get("/me")
    assert answer.json()["clients"] == list(person.client_numbers), "told twice, it ends nothing more"
    assert await addressees(house, "zmieniono adres") == []


async def test_another_name_only_shows(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    numbers = ("100201", "100200")  # the order says nothing
    person = await change(house, display_name="Anna Nowak", client_numbers=numbers)
    await house.auth.accounts.changed(LOGIN, person)
    assert (await browser.get("/me")).status_code == 200
    assert "Anna Nowak" in (await browser.get("/sessions")).text


async def test_a_deactivation_ends_the_invitation_too(house: House) -> None:
    browser = await house.invited()
    keys = house.auth.keys.of_login(LOGIN)
    await house.auth.accounts.changed(LOGIN, None)
    assert (await browser.post(FIRST, pin=await house.pin())).status_code == 410
    assert b"invitation" not in await house.command("HKEYS", keys.account)


async def test_another_role_leaves_an_invitation(house: House) -> None:
    assert await house.auth.invite(LOGIN)
    await house.auth.accounts.changed(LOGIN, await change(house, role="fleet"))
    keys = house.auth.keys.of_login(LOGIN)
    assert b"invitation" in await house.command("HKEYS", keys.account)


async def test_another_address_ends_everything_and_the_old_one_is_told_once(house: House) -> None:
    browser = await house.invited()
    pin = await house.pin()
    person = await change(house, email=NEW)
    await asyncio.gather(*(house.auth.accounts.changed(LOGIN, person) for _ in range(20)))
    assert (await browser.post(FIRST, pin=pin)).status_code == 410
    keys = house.auth.keys.of_login(LOGIN)
    assert b"invitation" not in await house.command("HKEYS", keys.account)
    assert await addressees(house, "zmieniono adres") == [OLD]
    (notice,) = [mail for mail in await house.mails() if "zmieniono adres" in mail.subject]
    assert LOGIN in notice.text
    assert NEW not in notice.text + notice.html
    stranger = house.browser()  # with the address alone nothing began; what begins now goes to the new one
    await stranger.post(FIRST, login=LOGIN)
    await stranger.post(FIRST, password=PASSWORD, password_again=PASSWORD)
    assert (await house.mails())[-1].to == NEW


async def test_another_address_ends_sessions_and_keeps_the_password(house: House) -> None:
    await house.activate()
    browser = await house.log_in()
    await house.auth.accounts.changed(LOGIN, await change(house, email=NEW))
    assert (await browser.get("/me")).status_code == 401
    await house.log_in()
    assert await addressees(house, "zmieniono adres") == [OLD]


@pytest.mark.parametrize("first", ["login", "reset", "invitation"])
async def test_whoever_first_meets_the_new_address_tells_the_old_one(house: House, first: str) -> None:
    """A change that was not announced, or not yet, is not forgotten by what stores the account anew."""
    if first == "invitation":
        await house.auth.invite(LOGIN)
    else:
        await house.activate()
        browser = await house.log_in()
    person = await change(house, email=NEW)
    if first == "login":
        await house.log_in()
    elif first == "reset":
        flow = await house.at_pin(RESET, password=OTHER_PASSWORD)
        assert (await flow.post(RESET, pin=await house.pin())).status_code == 303
    else:
        await house.auth.invite(LOGIN)
    await house.auth.accounts.changed(LOGIN, person)
    assert await addressees(house, "zmieniono adres") == [OLD]
    if first == "invitation":
        assert await addressees(house, "dostęp do portalu") == [OLD, NEW]
        keys = house.auth.keys.of_login(LOGIN)
        assert b"invitation" in await house.command("HKEYS", keys.account), "the one to the new address"
    else:
        assert (await browser.get("/me")).status_code == 401


async def test_a_change_during_a_login_leaves_no_session_of_before(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.activate()
    change_in_between(house, monkeypatch, role="fleet", client_numbers=("100201",))
    browser = await house.log_in()
    assert (await browser.get("/me")).json()["clients"] == ["100201"]


async def test_a_deactivation_during_a_login_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.activate()
    ask = house.directory.account_by_login

    async def late(login: str) -> Person | None:
        monkeypatch.setattr(house.directory, "account_by_login", ask)
        await house.auth.accounts.changed(login, None)
        return house.directory.people.pop(login)

    monkeypatch.setattr(house.directory, "account_by_login", late)
    browser = house.browser()
    assert (await browser.post("/login", login=LOGIN, password=PASSWORD)).status_code == 422
    assert (await browser.get("/me")).status_code == 401


async def test_a_change_while_a_flow_begins_sends_the_pin_to_the_new_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_in_between(house, monkeypatch, email=NEW)
    await house.at_pin()
    assert [mail.to for mail in await house.mails()] == [NEW]


async def test_a_change_during_an_invitation_invites_the_new_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_in_between(house, monkeypatch, email=NEW)
    assert await house.auth.invite(LOGIN)
    assert [mail.to for mail in await house.mails()] == [NEW]


async def test_who_has_a_login_of_their_own_is_told_it(house: House) -> None:
    house.directory.people["10020001"] = Person("10020001", "jan@example.com", client_numbers=("100200",))
    await house.auth.invite("10020001")
    await house.auth.invite(LOGIN)
    further, first = await house.mails()
    assert "10020001" in further.text
    assert "Transłód Sp. z o.o." in further.text
    assert LOGIN not in re.sub(r"http\S+", "", first.text), "a client knows its own number"


async def test_invitations_are_limited(house: House) -> None:
    results = await asyncio.gather(*(house.auth.invite(LOGIN) for _ in range(8)), return_exceptions=True)
    assert Counter(type(result) for result in results) == {bool: 5, TooManyInvitations: 3}
    assert len(await house.mails()) == 5


async def test_last_logins(house: House) -> None:
    assert await house.auth.accounts.last_logins([LOGIN, "300400"]) == [None, None]
    await house.activate()
    assert await house.auth.accounts.last_logins([LOGIN]) == [None], "a password is no login"
    await house.log_in()
    known, other = await house.auth.accounts.last_logins([LOGIN, "300400"])
    assert other is None
    assert known is not None
    assert abs(known - datetime.now(UTC)) < timedelta(minutes=5)
    await house.auth.accounts.changed(LOGIN, None)
    assert await house.auth.accounts.last_logins([LOGIN]) == [known], "it outlives the sessions"
    assert await house.auth.accounts.last_logins([]) == []


async def test_sessions_of_a_login_end_at_once(house: House) -> None:
    await house.activate()
    browsers = [await house.log_in() for _ in range(3)]
    await house.auth.sessions.end_all_of(LOGIN)
    assert {(await browser.get("/me")).status_code for browser in browsers} == {401}
