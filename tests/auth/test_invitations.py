"""The two entries to the first login, and when each is told the personal rules."""

import asyncio
import re

import pytest

from auth.errors import MailRefused, MailUnavailable
from tests.auth.house import PASSWORD, House, HouseMaker

FIRST = "/first-login"
RESET = "/reset-password"
SURNAME_PASSWORD = "Kowalska!7x"


async def test_entry_a_is_told_personal_rules_at_once(house: House) -> None:
    browser = await house.invited(SURNAME_PASSWORD)
    answer = await browser.post(FIRST, password=SURNAME_PASSWORD, password_again=SURNAME_PASSWORD)
    assert answer.status_code == 422
    assert "nie może zawierać nazwiska" in answer.text
    assert len(await house.mails()) == 1  # the invitation


async def test_entry_b_is_told_personal_rules_after_the_right_pin(house: House) -> None:
    browser = await house.at_pin(password=SURNAME_PASSWORD)
    answer = await browser.post(FIRST, pin=await house.pin())
    assert (answer.status_code, answer.headers["location"]) == (303, FIRST)
    page = (await browser.get(FIRST)).text
    assert "nie może zawierać nazwiska" in page
    assert await house.epoch() == 0
    answer = await browser.post(FIRST, password="xKowalska!7", password_again="xKowalska!7")
    assert answer.status_code == 422
    assert (await browser.post(FIRST, pin=await house.pin())).headers["location"] == FIRST
    answer = await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)
    assert answer.headers["location"] == "/login?done=first"
    await house.log_in()


async def test_personal_rules_can_be_told_before_the_pin(houses: HouseMaker) -> None:
    house = houses(tell_personal_rules_after_pin=False)
    browser = house.browser()
    await browser.post(FIRST, login="100200")
    answer = await browser.post(FIRST, password=SURNAME_PASSWORD, password_again=SURNAME_PASSWORD)
    assert "nie może zawierać nazwiska" in answer.text


async def test_invitation_newest_only_and_spent_at_commit(house: House) -> None:
    await house.auth.invite("100200")
    old = re.search(r"invite=(\S+)", (await house.mails())[-1].text)
    assert old
    await house.auth.invite("100200")
    browser = house.browser()
    await browser.post(FIRST, login="100200", invite=old[1])
    answer = await browser.post(FIRST, password=SURNAME_PASSWORD, password_again=SURNAME_PASSWORD)
    assert answer.status_code == 303  # no longer an invited entry: the rule is not told
    await browser.post(FIRST, pin=await house.pin())
    await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)
    assert await house.auth.invite("100200") is False
    fields = await house.command("HKEYS", house.auth.keys.of_login("100200").account)
    assert b"invitation" not in fields


async def test_an_invitation_is_for_its_own_login_only(house: House) -> None:
    await house.auth.invite("300400")
    token = re.search(r"invite=(\S+)", (await house.mails())[-1].text)
    assert token
    browser = house.browser()
    await browser.post(FIRST, login="100200", invite=token[1])
    answer = await browser.post(FIRST, password=SURNAME_PASSWORD, password_again=SURNAME_PASSWORD)
    assert answer.status_code == 303
    assert await house.auth.invite("999") is False


async def test_reset_of_a_never_activated_account_sends_an_invitation(house: House) -> None:
    for _ in range(2):
        await house.at_pin(RESET)
    (mail,) = await house.mails()
    token = re.search(r"/first-login\?invite=(\S+)", mail.text)
    assert token
    browser = house.browser()
    await browser.post(FIRST, login="100200", invite=token[1])
    answer = await browser.post(FIRST, password=SURNAME_PASSWORD, password_again=SURNAME_PASSWORD)
    assert "nie może zawierać nazwiska" in answer.text


async def test_only_a_delivered_invitation_counts_as_sent(house: House) -> None:
    invitations = house.auth.invitations
    house.mailer.failures = 99
    with pytest.raises(MailUnavailable):
        await invitations.deliver("100200", again=False)
    house.mailer.failures = 1  # tried again
    assert await invitations.deliver("100200", again=False) == "sent"
    assert await invitations.deliver("100200", again=False) == "earlier"
    assert await invitations.deliver("100200", again=True) == "sent"
    assert len(await house.mails()) == 2


@pytest.mark.parametrize("final", [True, False])
async def test_a_refusal_is_told_at_once(final: bool, house: House) -> None:
    house.mailer.refusal = MailRefused(final=final)
    with pytest.raises(MailRefused):
        await house.auth.invitations.deliver("100200", again=False)
    assert len(house.mailer.tried) == 1
    house.mailer.refusal = None
    assert await house.auth.invitations.deliver("100200", again=False) == "sent"


async def test_an_invitation_whose_time_is_over_does_not_count(houses: HouseMaker) -> None:
    house = houses(invitation_seconds=0.05)
    assert await house.auth.invitations.deliver("100200", again=False) == "sent"
    await asyncio.sleep(0.06)
    assert await house.auth.invitations.deliver("100200", again=False) == "sent"
