"""The mail server is away for a while: each mail that was promised comes once, and what it holds is good."""

import time

from tests.faults.conftest import House
from tests.harness.person import PASSWORD, Person

LOGINS = ("0010003", "0010004", "0010005")


def test_promised_pins_come_when_it_is_back(house: House) -> None:
    people = {login: Person(house.gateway, house.office) for login in LOGINS}
    before = {login: len(each.pins(login)) for login, each in people.items()}
    with house.mail_server.away():
        for login, each in people.items():
            assert each.submit("/first-login", login=login).status_code == 303
            answer = each.submit("/first-login", password=PASSWORD, password_again=PASSWORD)
            assert answer.status_code == 303
        give_up = time.monotonic() + 30
        while not any(line.get("upstream") == "smtp" for line in house.log):
            assert time.monotonic() < give_up, "the log says nothing"
            time.sleep(0.1)
    for login, each in people.items():
        pin = each.pin(login, newer_than=before[login], seconds=60)
        answer = each.submit("/first-login", pin=pin)
        assert answer.headers["location"].startswith("/login")
        each.log_in(login)
        assert len(each.pins(login)) == before[login] + 1
        each.browser.close()
