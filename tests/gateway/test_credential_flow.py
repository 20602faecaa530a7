"""The unhappy ways of the first login and of a reset, through real processes and real mail."""

from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import Gateway, Sandbox

FIRST = "/first-login"
RESET = "/reset-password"
OTHER_PASSWORD = "Niebieska,Rzeka8"
WHO = "{ viewer { user { login } } }"


def begin(person: Person, login: str, path: str = FIRST, password: str = PASSWORD) -> str:
    """The first two steps; the PIN that came."""
    before = len(person.pins(login))
    assert person.submit(path, login=login).status_code == 303
    assert person.submit(path, password=password, password_again=password).status_code == 303
    return person.pin(login, newer_than=before)


def resent(person: Person, login: str, path: str = FIRST) -> str:
    """The PIN that comes when a new one is asked for."""
    before = len(person.pins(login))
    assert person.submit(path, resend="1").headers["location"] == f"{path}?resent=1"
    return person.pin(login, newer_than=before)


def wrong(pin: str) -> str:
    """Any PIN but this one."""
    return f"{(int(pin) + 1) % 10**8:08}"


def new_mails(backoffice: Sandbox, address: str, before: int, count: int) -> list[dict[str, str]]:
    """The mails that came since there were `before`, once there are `count`, newest first."""
    give_up = monotonic() + 10
    while len(backoffice.mails(address)) < before + count:
        assert monotonic() < give_up, "the mail did not come"
        sleep(0.05)
    return backoffice.mails(address)[: len(backoffice.mails(address)) - before]


def test_five_wrong_pins_end_that_pin(hasty: Gateway, backoffice: Sandbox) -> None:
    with Person(hasty, backoffice) as person:
        pin = begin(person, "0010002")
        told = {person.submit(FIRST, pin=wrong(pin)).status_code for _ in range(5)}
        assert told == {422}
        assert person.submit(FIRST, pin=pin).status_code == 422  # right, and too late
        answer = person.submit(FIRST, pin=resent(person, "0010002"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=first")
        person.log_in("0010002")


def test_ten_wrong_pins_end_the_flow(hasty: Gateway, backoffice: Sandbox) -> None:
    with Person(hasty, backoffice) as person:
        pin = begin(person, "0010005")
        for _ in range(5):
            assert person.submit(FIRST, pin=wrong(pin)).status_code == 422
        pin = resent(person, "0010005")
        told = [person.submit(FIRST, pin=wrong(pin)).status_code for _ in range(5)]
        assert told == [422, 422, 422, 422, 410]
        assert person.submit(FIRST, pin=pin).status_code == 410
        assert person.submit("/login", login="0010005", password=PASSWORD).status_code == 422


def test_a_new_pin_ends_the_one_before(hasty: Gateway, backoffice: Sandbox) -> None:
    with Person(hasty, backoffice) as person:
        old = begin(person, "0010006")
        new = resent(person, "0010006")
        assert person.submit(FIRST, pin=old).status_code == 422
        assert person.submit(FIRST, pin=f"{new[:4]} {new[4:]}").status_code == 303


def test_a_new_pin_too_early_is_not_sent(small_gateway: Gateway, backoffice: Sandbox) -> None:
    """The answer is the same, and the PIN that came stays good."""
    with Person(small_gateway, backoffice) as person:
        pin = begin(person, "0010006")
        before = len(person.pins("0010006"))
        for _ in range(3):
            assert person.submit(FIRST, resend="1").headers["location"] == f"{FIRST}?resent=1"
        sleep(0.6)
        assert len(person.pins("0010006")) == before
        assert person.submit(FIRST, pin=pin).status_code == 303


def test_a_pin_expires(tmp_path: Path, backoffice: Sandbox) -> None:
    gateway = Gateway(tmp_path, backoffice, PIN_SECONDS=1, RESEND_SECONDS=0)
    try:
        with Person(gateway, backoffice) as person:
            pin = begin(person, "0010007")
            sleep(1)
            assert person.submit(FIRST, pin=pin).status_code == 422
            assert person.submit(FIRST, pin=resent(person, "0010007")).status_code == 303
    finally:
        gateway.close()


def test_two_browsers_on_one_login(small_gateway: Gateway, backoffice: Sandbox) -> None:
    """A PIN confirms the password of its own browser only, and the first commit ends the other flow."""
    with Person(small_gateway, backoffice) as one, Person(small_gateway, backoffice) as two:
        first_pin = begin(one, "0010011")
        second_pin = begin(two, "0010011", password=OTHER_PASSWORD)
        assert one.submit(FIRST, pin=second_pin).status_code == 422
        assert two.submit(FIRST, pin=first_pin).status_code == 422
        open_page = Form(two.browser.get(FIRST).text).fields
        assert one.submit(FIRST, pin=first_pin).status_code == 303
        assert two.browser.post(FIRST, data={**open_page, "pin": second_pin}).status_code == 410
        assert two.submit("/login", login="0010011", password=OTHER_PASSWORD).status_code == 422
        one.log_in("0010011")


def test_an_active_account_gets_one_mail_that_says_so(small_gateway: Gateway, backoffice: Sandbox) -> None:
    with Person(small_gateway, backoffice) as person:
        person.first_login("0010002")
        address = person.email("0010002")
        new_mails(backoffice, address, 0, 2)  # the PIN and the notice
        sleep(0.4)
        before = len(backoffice.mails(address))
        for _ in range(2):
            assert person.submit(FIRST, login="0010002").status_code == 303
            answer = person.submit(FIRST, password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
            assert answer.status_code == 303
            assert person.submit(FIRST, pin="00000000").status_code == 422
        (mail,) = new_mails(backoffice, address, before, 1)
        sleep(0.5)
        assert len(backoffice.mails(address)) == before + 1
        assert "już aktywny" in mail["subject"]
        assert f"http://localhost:{small_gateway.port}/reset-password" in mail["text"]
        person.log_in("0010002")  # the password is what it was


def test_a_reset_changes_nothing_until_its_end(small_gateway: Gateway, backoffice: Sandbox) -> None:
    with (
        Person(small_gateway, backoffice) as office,
        Person(small_gateway, backoffice) as home,
        Person(small_gateway, backoffice) as third,
    ):
        office.first_login("0010012")
        office.log_in("0010012")
        pin = begin(third, "0010012", RESET, OTHER_PASSWORD)
        home.log_in("0010012")
        assert office.data(WHO)["viewer"]["user"]["login"] == "0010012"
        answer = third.submit(RESET, pin=pin)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?done=reset")
        committed = monotonic()
        answers: list[Any] = [office.ask(WHO), home.ask(WHO)]
        assert answers == [{"data": {"viewer": None}}] * 2
        assert monotonic() - committed < 1
        assert third.submit("/login", login="0010012", password=PASSWORD).status_code == 422
        third.log_in("0010012", OTHER_PASSWORD)
        assert third.data(WHO)["viewer"]["user"]["login"] == "0010012"
