"""The state machine, row by row, through the pages."""

import re

import pytest

from tests.auth.house import OTHER_PASSWORD, PASSWORD, House, Person

FIRST = "/first-login"
RESET = "/reset-password"


async def test_three_steps_then_login(house: House) -> None:
    browser = house.browser()
    assert 'name="login"' in (await browser.get(FIRST)).text
    answer = await browser.post(FIRST, login=" 100 200 ")
    assert (answer.status_code, answer.headers["location"]) == (303, FIRST)
    page = (await browser.get(FIRST)).text
    assert 'name="password_again"' in page
    assert 'autocomplete="new-password"' in page
    assert await house.mails() == []
    answer = await browser.post(FIRST, password=PASSWORD, password_again=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, FIRST)
    page = (await browser.get(FIRST)).text
    assert re.search(r'name="pin"[^>]*autocomplete="one-time-code"\s+inputmode="numeric"', page)
    answer = await browser.post(FIRST, pin=await house.pin())
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=first")
    assert "Hasło zostało ustalone" in (await browser.get("/login?done=first")).text
    notice = (await house.mails())[-1]
    assert "ustalono hasło" in notice.text
    await house.log_in(browser=browser)
    assert (await browser.get("/me")).json() == {
        "login": "100200",
        "clients": ["100200", "100201"],
        "epoch": 1,
    }


async def test_pin_mail_has_no_link_and_no_pin_in_its_subject(house: House) -> None:
    await house.at_pin()
    (mail,) = await house.mails()
    assert mail.to == "anna@example.com"
    assert "http" not in mail.text + mail.html
    assert "<a" not in mail.html
    assert not re.search(r"\d", mail.subject)


async def test_mails_are_in_the_language_of_the_account(house: House) -> None:
    house.directory.people["100200"].language = "en"
    await house.at_pin()
    assert "PIN for your new password" in (await house.mails())[0].subject


async def test_get_and_head_change_nothing(house: House) -> None:
    browser = await house.at_pin()
    keys, mails = set(await house.command("KEYS", "*")), len(await house.mails())
    for path in (FIRST, f"{FIRST}?invite={'x' * 43}", f"{FIRST}?step=password", "/login?next=/x"):
        answer = await browser.http.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert (await browser.http.head(path)).status_code == 200
    assert set(await house.command("KEYS", "*")) <= keys  # some end by themselves
    assert len(await house.mails()) == mails
    answer = await browser.post(FIRST, pin=await house.pin())
    assert answer.headers["location"] == "/login?done=first"


@pytest.mark.parametrize(("typed", "text"), [("", "Prosimy wpisać numer login"), ("12a", "z samych cyfr")])
async def test_a_login_that_is_none(house: House, typed: str, text: str) -> None:
    answer = await house.browser().post(FIRST, login=typed)
    assert answer.status_code == 422
    assert text in answer.text
    assert 'aria-invalid="true" aria-describedby="login-error login-hint"' in re.sub(r"\s+", " ", answer.text)


async def test_every_broken_rule_is_named_and_tied_to_the_field(house: House) -> None:
    browser = house.browser()
    await browser.post(FIRST, login="100200")
    answer = await browser.post(FIRST, password="xyq", password_again="xyq")
    assert answer.status_code == 422
    assert answer.text.count('<a href="#password">') == 4
    assert 'aria-describedby="password-error rules"' in answer.text
    answer = await browser.post(FIRST, password=PASSWORD, password_again=OTHER_PASSWORD)
    assert answer.status_code == 422
    assert "Wpisane hasła różnią się od siebie" in answer.text
    assert '<a href="#password">' not in answer.text
    answer = await browser.post(FIRST, password="xyq", password_again="qyx")
    assert "Wpisane hasła różnią się od siebie" in answer.text
    assert answer.text.count('<a href="#password">') == 4, "all that is wrong is told at once"
    assert await house.mails() == []


async def test_a_new_candidate_makes_the_pin_before_worthless(house: House) -> None:
    browser = await house.at_pin()
    first_pin = await house.pin()
    assert 'name="password_again"' in (await browser.get(f"{FIRST}?step=password")).text
    await browser.post(FIRST, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
    second_pin = await house.pin()
    assert (await browser.post(FIRST, pin=first_pin)).status_code == 422
    assert (await browser.post(FIRST, pin=second_pin)).status_code == 303
    await house.log_in(password=OTHER_PASSWORD)


async def test_cancel(house: House) -> None:
    browser = await house.at_pin()
    token = browser.http.cookies["lg_first"]
    answer = await browser.post(FIRST, cancel="1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    browser.http.cookies.set("lg_first", token, domain="localhost.local")
    answer = await browser.http.post(
        FIRST, data={"pin": await house.pin()}, headers={"cookie": f"lg_first={token}"}
    )
    assert answer.status_code == 410


async def test_reset_keeps_the_old_password_until_commit_and_ends_sessions(house: House) -> None:
    await house.activate()
    logged_in = await house.log_in()
    browser = await house.at_pin(RESET, password=OTHER_PASSWORD)
    assert (await logged_in.get("/me")).status_code == 200
    await house.log_in()
    answer = await browser.post(RESET, pin=await house.pin())
    assert answer.headers["location"] == "/login?done=reset"
    assert (await logged_in.get("/me")).status_code == 401
    assert (await house.browser().post("/login", login="100200", password=PASSWORD)).status_code == 422
    await house.log_in(password=OTHER_PASSWORD)
    assert "zmieniono hasło" in (await house.mails())[-1].text
    assert await house.epoch() == 2


async def test_an_active_account_under_first_gets_one_mail_a_day(house: House) -> None:
    await house.activate()
    before = len(await house.mails())
    for _ in range(2):
        browser = await house.at_pin(password=OTHER_PASSWORD)
    assert [mail.subject.rpartition(": ")[2] for mail in (await house.mails())[before:]] == [
        "dostęp jest już aktywny"
    ]
    assert (await browser.post(FIRST, pin="12345678")).status_code == 422


async def test_two_browsers_never_confirm_each_other(house: House) -> None:
    victim = await house.at_pin(password=PASSWORD)
    victims_pin = await house.pin()
    attacker = await house.at_pin(password=OTHER_PASSWORD)
    attackers_pin = await house.pin()
    assert (await victim.post(FIRST, pin=attackers_pin)).status_code == 422
    assert (await attacker.post(FIRST, pin=victims_pin)).status_code == 422
    assert (await victim.post(FIRST, pin=victims_pin)).status_code == 303
    # the commit moved the epoch on, which ends the other flow
    assert (await attacker.post(FIRST, pin=attackers_pin)).status_code == 410
    await house.log_in(password=PASSWORD)


async def test_a_login_in_another_spelling_is_unknown(house: House) -> None:
    house.directory.people["0100200"] = Person("100200")
    await house.at_pin(login="0100200")
    assert await house.mails() == []


async def test_a_step_without_a_flow_starts_again(house: House) -> None:
    assert (await house.browser().post(FIRST, pin="12345678")).status_code == 410
    assert (await house.browser().post(FIRST, nothing="1")).status_code == 400


async def test_mails_are_tried_again(house: House) -> None:
    house.mailer.failures = 2
    await house.at_pin()
    assert len(await house.mails()) == 1
