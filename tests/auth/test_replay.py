"""Flows and PINs used where they were not made for, and over a restart of the store."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, Browser, House, other_pin
from tests.auth.restarting import opened

FIRST, RESET = "/first-login", "/reset-password"


def carry(browser: Browser, source: str, target: str) -> None:
    """Shows the flow of one purpose as one of the other."""
    browser.http.cookies.set(f"lg_{target}", browser.http.cookies[f"lg_{source}"], domain="localhost.local")


@pytest.mark.parametrize(("made", "shown"), [(FIRST, RESET), (RESET, FIRST)])
async def test_a_flow_is_good_for_its_own_purpose_only(house: House, made: str, shown: str) -> None:
    if made == RESET:
        await house.activate()
    before = await house.epoch()
    browser = await house.at_pin(made, password=OTHER_PASSWORD)
    pin = await house.pin()
    carry(browser, "first" if made == FIRST else "reset", "reset" if made == FIRST else "first")
    assert (await browser.post(shown, pin=pin)).status_code == 410
    assert await house.epoch() == before
    assert (await browser.post(made, pin=pin)).status_code == 303, "it did no harm to the flow either"


async def test_a_pin_is_good_for_its_own_flow_only(house: House) -> None:
    """A first login and a reset of one account, open at once: neither PIN confirms the other's password."""
    await house.activate()
    resetting = await house.at_pin(RESET, password=OTHER_PASSWORD)
    pin = await house.pin()
    another = await house.at_pin(RESET, password="Czerwone,Okno9")
    assert (await another.post(RESET, pin=pin)).status_code == 422
    assert (await resetting.post(RESET, pin=pin)).status_code == 303
    assert (await another.post(RESET, pin=await house.pin())).status_code == 410, "the epoch moved on"
    await house.log_in(password=OTHER_PASSWORD)


async def test_a_restart_of_the_store_forgets_no_count_and_no_flow(tmp_path: Path) -> None:
    async with opened(tmp_path) as house:
        browser = await house.at_pin()
        pin = await house.pin()
        for _ in range(4):
            assert (await browser.post(FIRST, pin=other_pin(pin))).status_code == 422
        invited = await house.at_pin(login="300400")
        good = await house.pin()
        cookies = [each.http.cookies["lg_first"] for each in (browser, invited)]
    async with opened(tmp_path) as house:
        again = [house.browser() for _ in cookies]
        for each, flow in zip(again, cookies, strict=True):
            each.http.cookies.set("lg_first", flow, domain="localhost.local")
        assert (await again[0].post(FIRST, pin=other_pin(pin))).status_code == 422, "the fifth kills the PIN"
        assert (await again[0].post(FIRST, pin=pin)).status_code == 422
        await again[1].get(FIRST)
        answers = await asyncio.gather(*(again[1].post(FIRST, pin=good) for _ in range(10)))
        assert Counter(answer.status_code for answer in answers) == {303: 10}
        assert await house.epoch("300400") == 1, "committed once"
    async with opened(tmp_path) as house:
        await house.log_in("300400", PASSWORD)
        assert await house.epoch("300400") == 1
