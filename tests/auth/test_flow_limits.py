"""How often and how long: PINs, mails, candidates, flows."""

import asyncio

from tests.auth.house import PASSWORD, House, HouseMaker, other_pin

FIRST = "/first-login"
SURNAME_PASSWORD = "Kowalska!7x"


async def test_five_wrong_kill_the_pin_and_ten_the_flow(houses: HouseMaker) -> None:
    house = houses(resend_seconds=0)
    browser = await house.at_pin()
    pin = await house.pin()
    texts = set()
    for _ in range(5):
        answer = await browser.post(FIRST, pin=other_pin(pin))
        assert answer.status_code == 422
        texts.add(answer.text)
    answer = await browser.post(FIRST, pin=pin)  # the right one comes too late, and is the sixth
    assert answer.status_code == 422
    assert texts == {answer.text}
    await browser.post(FIRST, resend="1")
    pin = await house.pin()
    for _ in range(3):
        assert (await browser.post(FIRST, pin=other_pin(pin))).status_code == 422
    answer = await browser.post(FIRST, pin=other_pin(pin))
    assert answer.status_code == 410
    assert "Zacznij od nowa" in answer.text
    assert (await browser.post(FIRST, pin=pin)).status_code == 410
    assert await house.epoch() == 0


async def test_a_slip_is_no_guess(house: House) -> None:
    browser = await house.at_pin()
    for typed in ("", "123", "abcd efgh", "1234 5678 9") * 4:
        assert (await browser.post(FIRST, pin=typed)).status_code == 422
    assert (await browser.post(FIRST, pin=(await house.pin()).replace(" ", ""))).status_code == 303


async def test_pin_expires(houses: HouseMaker) -> None:
    house = houses(pin_seconds=0.05)
    browser = await house.at_pin()
    await asyncio.sleep(0.07)
    assert (await browser.post(FIRST, pin=await house.pin())).status_code == 422


async def test_flow_expires(houses: HouseMaker) -> None:
    house = houses(flow_seconds=0.5)
    browser = await house.at_pin()
    await asyncio.sleep(0.55)
    answer = await browser.http.post(FIRST, data={"pin": await house.pin()})
    assert answer.status_code == 410
    assert await house.epoch() == 0


async def test_resend_limits(houses: HouseMaker) -> None:
    house = houses(resend_seconds=0.3)
    browser = await house.at_pin()
    first_pin = await house.pin()
    answer = await browser.post(FIRST, resend="1")  # too early: same answer, no mail, PIN still good
    assert (answer.status_code, answer.headers["location"]) == (303, f"{FIRST}?resent=1")
    assert "już w drodze" in (await browser.get(f"{FIRST}?resent=1")).text
    assert len(await house.mails()) == 1
    for _ in range(4):
        await asyncio.sleep(0.31)
        answer = await browser.post(FIRST, resend="1")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{FIRST}?resent=1")
    assert len(await house.mails()) == 1 + 3  # three a flow
    assert (await browser.post(FIRST, pin=first_pin)).status_code == 422
    assert (await browser.post(FIRST, pin=await house.pin())).status_code == 303


async def test_resends_of_an_hour_and_mails_of_an_hour(houses: HouseMaker) -> None:
    house = houses(resend_seconds=0)
    for _ in range(2):
        browser = await house.at_pin()
        for _ in range(3):
            await browser.post(FIRST, resend="1")
    assert len(await house.mails()) == 2 + 5
    for _ in range(5):
        await house.at_pin()
    assert len(await house.mails()) == 10


async def test_wrong_pins_of_a_day_across_flows(houses: HouseMaker) -> None:
    house = houses(login_pin_failures_per_day=3)
    for _ in range(3):
        browser = await house.at_pin()
        assert (await browser.post(FIRST, pin=other_pin(await house.pin()))).status_code == 422
    browser = await house.at_pin()
    answer = await browser.post(FIRST, pin=await house.pin())
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 86000
    # an invited visitor is counted apart
    invited = await house.invited()
    answer = await invited.post(FIRST, pin=await house.pin())
    assert answer.headers["location"] == "/login?done=first"


async def test_repick_expires(houses: HouseMaker) -> None:
    house = houses(repick_seconds=0.1)
    browser = await house.at_pin(password=SURNAME_PASSWORD)
    await browser.post(FIRST, pin=await house.pin())
    await asyncio.sleep(0.12)
    answer = await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)
    assert answer.status_code == 410


async def test_candidates_of_a_flow_are_limited(houses: HouseMaker) -> None:
    house = houses(candidates_per_flow=2)
    browser = await house.at_pin()
    assert (await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)).status_code == 303
    assert (await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)).status_code == 410


async def test_a_slip_is_told_as_one(house: House) -> None:
    """Whoever typed four digits of eight must not go and look for a newer mail."""
    browser = await house.at_pin()
    page = (await browser.post("/first-login", pin="1234")).text
    assert "Kod PIN składa się z ośmiu cyfr" in page
    assert "stracił ważność" not in page
    assert "Prosimy wpisać kod PIN" in (await browser.post("/first-login", pin=" ")).text
    wrong = other_pin(await house.pin())
    assert "stracił ważność" in (await browser.post("/first-login", pin=wrong)).text


async def test_the_pins_page_names_the_number_and_the_rest(houses: HouseMaker) -> None:
    """A number typed wrong gets no mail; only the page can show it."""
    house = houses(resend_seconds=90)
    page = (await (await house.at_pin(login="100201")).get("/first-login")).text
    assert "Jeśli numer login 100201 jest poprawny" in page
    assert "najwcześniej po 90 s" in page
