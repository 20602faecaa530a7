"""What the credential pages never tell, to visitors, in mails or in the graph; and what outages do."""

import base64
import re
from collections.abc import Iterator
from time import sleep

import httpx2
import pytest

from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox

FIRST = "/first-login"
RESET = "/reset-password"
UNKNOWN = "0098765"
WHO = "{ viewer { user { login } } }"


def bare(answer: httpx2.Response) -> tuple[int, list[str], str]:
    """Status, header names, and the body without tokens and login."""
    text = re.sub(r"[0-9a-f]{64}", "…", answer.text)
    names = sorted(name for name, _ in answer.headers.multi_items())
    length = answer.headers.get("content-length", "")
    return answer.status_code, [*names, length], re.sub(r"00\d{5}", "…", text)


def walk(person: Person, path: str, login: str) -> Iterator[tuple[int, list[str], str]]:
    """All steps, on the way to a dead flow."""
    yield bare(person.browser.get(path))
    yield bare(person.submit(path, login="x"))
    yield bare(person.submit(path, login=login))
    yield bare(person.browser.get(path))
    yield bare(person.submit(path, password="short", password_again="short"))
    yield bare(person.submit(path, password=PASSWORD, password_again="other"))
    yield bare(person.submit(path, password="Dąbrowska!7x", password_again="Dąbrowska!7x"))
    yield bare(person.browser.get(path))
    yield bare(person.submit(path, resend="1"))
    yield bare(person.browser.get(f"{path}?resent=1"))
    yield bare(person.browser.get(f"{path}?step=password"))
    yield bare(person.submit(path, pin="12"))
    for _ in range(10):
        yield bare(person.submit(path, pin="0000 0000"))
    yield bare(person.submit(path, pin="0000 0000"))
    yield bare(person.submit("/login", login=login, password="Wrong;Pass1"))


def newest_mail(backoffice: Sandbox) -> int:
    return max((int(mail["id"]) for mail in backoffice.mails("")), default=0)


@pytest.mark.parametrize("path", [FIRST, RESET])
def test_an_unknown_login_looks_like_a_known_one(hasty: Gateway, backoffice: Sandbox, path: str) -> None:
    if path == RESET:
        with Person(hasty, backoffice) as person:
            person.first_login("0010010")
    with Person(hasty, backoffice) as known, Person(hasty, backoffice) as unknown:
        real = list(walk(known, path, "0010010"))
        sleep(0.5)  # the mails that are under way
        before = newest_mail(backoffice)
        decoy = list(walk(unknown, path, {FIRST: "0098764", RESET: "0098763"}[path]))
        sleep(0.5)
        assert newest_mail(backoffice) == before
    assert real == decoy
    assert [status for status, _, _ in real[-4:]] == [422, 410, 410, 422]


def test_the_mail_with_the_pin(hasty: Gateway, backoffice: Sandbox) -> None:
    with Person(hasty, backoffice) as person:
        before = len(person.pins("0010007"))
        person.submit(FIRST, login="0010007")
        person.submit(FIRST, password=PASSWORD, password_again=PASSWORD)
        pin = person.pin("0010007", newer_than=before)
        address = person.email("0010007")
        mail = backoffice.mails(address)[0]
    assert (mail["from"], mail["to"]) == ("portal@leasing.example.com", address)
    shown = f"{pin[:4]} {pin[4:]}"
    for body in (mail["text"], mail["html"]):
        assert shown in body
        assert "http" not in body
        assert "href" not in body
        assert "10 min" in body
    assert not re.search(r"\d{4}", mail["subject"])


def test_credential_mails_are_not_in_the_graph(hasty: Gateway, backoffice: Sandbox) -> None:
    query = """{ viewer { clients { nodes { einvoiceEmail correspondence(first: 100) {
        totalCount nodes { id subject body } } } } } }"""
    with Person(hasty, backoffice) as person:
        person.first_login("0010001")
        person.log_in("0010001")
        mails = backoffice.mails(person.email("0010001"))
        (client,) = person.data(query)["viewer"]["clients"]["nodes"]
        told = client["correspondence"]
        assert told["totalCount"] == len(told["nodes"]) > 0
        assert mails
        assert not {mail["subject"] for mail in mails} & {message["subject"] for message in told["nodes"]}
        assert not {mail["text"] for mail in mails} & {message["body"] for message in told["nodes"]}
        kind, _, _ = base64.urlsafe_b64decode(told["nodes"][0]["id"] + "==").decode().partition(":")
        for mail in mails:
            made_up = base64.urlsafe_b64encode(f"{kind}:{mail['id']}".encode()).decode().rstrip("=")
            assert person.data("query($id: ID!) { node(id: $id) { id } }", id=made_up) == {"node": None}


def test_without_the_directory(hasty: Gateway, backoffice: Sandbox) -> None:
    """Nobody new gets in, and those who are in stay."""
    with Person(hasty, backoffice) as inside, Person(hasty, backoffice) as outside:
        inside.first_login("0010014")
        inside.log_in("0010014")
        for what in ({"status": 503}, {"mode": "refuse"}, {"mode": "garbage"}):
            with backoffice.fault("/v1/accounts/get", **what):
                for login in ("0010014", UNKNOWN):
                    for path in (FIRST, RESET, "/login"):
                        answer = outside.submit(path, login=login, password=PASSWORD)
                        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
                        assert "Chwilowa przerwa" in answer.text
                assert inside.data(WHO)["viewer"]["user"]["login"] == "0010014"
        outside.log_in("0010014")  # none of it counted as a wrong password


def test_a_mail_server_that_stumbles(hasty: Gateway, backoffice: Sandbox) -> None:
    """The PIN is sent again; the page doesn't wait for it."""
    with Person(hasty, backoffice) as person:
        before = len(person.pins("0010011"))
        backoffice.ask("PUT", "/sandbox/smtp-faults", {"code": 451, "times": 1})
        try:
            person.submit(FIRST, login="0010011")
            assert person.submit(FIRST, password=PASSWORD, password_again=PASSWORD).status_code == 303
            pin = person.pin("0010011", newer_than=before)
        finally:
            backoffice.ask("DELETE", "/sandbox/faults")
        assert person.submit(FIRST, pin=pin).status_code == 303
