"""Where secrets must not be, and which request headers are not believed."""

import re
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
from redis import Redis

from gateway.state import _socket_path
from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import Gateway, Sandbox

FIRST = "/first-login"
RESET = "/reset-password"
WRONG_PASSWORD = "Wrong;Pass1"
OTHER_PASSWORD = "Niebieska,Rzeka8"


def contents(store: Redis) -> str:
    """Every key with its plain value."""
    read: dict[Any, Any] = {
        b"hash": store.hgetall,
        b"string": store.get,
        b"list": lambda key: store.lrange(key, 0, -1),
        b"stream": lambda key: store.xrange(key),
    }
    return "\n".join(f"{key!r} {read[store.type(key)](key)}" for key in store.keys("*"))


def test_no_secret_in_log_audit_or_store(hasty: Gateway, backoffice: Sandbox) -> None:
    with (
        Person(hasty, backoffice) as person,
        Redis(unix_socket_path=str(_socket_path(hasty.folder / "state"))) as store,
    ):
        secrets, seen = {PASSWORD, WRONG_PASSWORD, OTHER_PASSWORD, "00000000", "0000 0000"}, ""
        for path, password in ((FIRST, PASSWORD), (RESET, OTHER_PASSWORD)):
            before = len(person.pins("0010015"))
            person.submit(path, login="0010015")
            person.submit(path, password=WRONG_PASSWORD, password_again=PASSWORD)
            person.submit(path, password=password, password_again=password)
            secrets.add(person.pin("0010015", newer_than=before))
            person.submit(path, pin="0000 0000")
            person.submit(path, resend="1")
            pin = person.pin("0010015", newer_than=before + 1)
            secrets |= {pin, f"{pin[:4]} {pin[4:]}", str(person.browser.cookies.get(f"lg_{path[1:6]}"))}
            seen += contents(store)
            assert person.submit(path, pin=pin).status_code == 303
            person.submit("/login", login="0010015", password=WRONG_PASSWORD)
            person.log_in("0010015", password)
            secrets.add(person.browser.cookies["lg_session"])
            assert person.data("{ viewer { user { login } } }")["viewer"]
        invited = httpx2.post(hasty.url + RESET, data={"login": "0010009"}, trust_env=False)
        assert invited.status_code == 303
        secrets.add(_link(backoffice, "efaktury+0010009@example.com").partition("=")[2])
        httpx2.get(_link(backoffice, "efaktury+0010009@example.com"), trust_env=False)
        seen += contents(store)
        audit = str(store.xrange("audit"))
    secrets |= {secret.partition(".")[2] for secret in secrets if "." in secret}
    assert len(secrets) >= 14
    log = (hasty.folder / "gateway.log").read_text()
    assert '"path":"/first-login"' in log
    for place in (log, audit, seen):
        assert not [secret for secret in secrets if secret in place]
    assert "0010015" not in audit
    for event in ("first.start", "first.pin", "reset.candidate", "reset.resend", "login"):
        assert event in audit


def _link(backoffice: Sandbox, address: str) -> str:
    """The newest link of an invitation."""
    give_up = monotonic() + 10
    while monotonic() < give_up:
        for mail in backoffice.mails(address):
            if found := re.search(r"http\S+/first-login\?invite=\S+", mail["text"]):
                return found[0]
        sleep(0.05)
    raise AssertionError("no invitation came")


def ask_for_invitation(gateway: Gateway, login: str, **headers: str) -> int:
    """A reset of an account that has no password yet; the status."""
    answer = httpx2.post(gateway.url + RESET, data={"login": login}, headers=headers, trust_env=False)
    return answer.status_code


def test_links_are_of_the_configured_origin(tmp_path: Path, backoffice: Sandbox) -> None:
    """And with a trusted proxy in front each of its clients has a limit of its own."""
    gateway = Gateway(
        tmp_path, backoffice,
        PUBLIC_URL="https://portal.example.com", TRUSTED_PROXIES="127.0.0.1", LOGIN_RATE_PER_MINUTE=4,
    )  # fmt: skip
    try:
        forwarded = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "http",
            "Forwarded": "host=evil.example",
        }
        host = {"Host": "portal.example.com"}
        assert ask_for_invitation(gateway, "0010008", Host="evil.example") == 400
        assert ask_for_invitation(gateway, "0010008", Host="portal.example.com:8000") == 400
        assert ask_for_invitation(gateway, "0010008", **host, **forwarded) == 303
        assert _link(backoffice, "efaktury+0010008@example.com").startswith(
            "https://portal.example.com/first-login?invite="
        )
        page = httpx2.get(gateway.url + FIRST, headers={**host, **forwarded}, trust_env=False)
        assert "evil" not in page.text
        assert {"__Host-lg_csrf", "Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(
            page.headers["set-cookie"].replace("=", "; ", 1).split("; ")
        )
        for address in ("203.0.113.1", "203.0.113.2", "198.51.100.9, 203.0.113.3"):
            told = [
                ask_for_invitation(gateway, "x", **host, **{"X-Forwarded-For": address}) for _ in range(3)
            ]
            assert told == [422, 422, 429]
        spoofed = {"X-Forwarded-For": "192.0.2.77, 203.0.113.3"}  # what a client adds itself comes first
        assert ask_for_invitation(gateway, "x", **host, **spoofed) == 429
    finally:
        gateway.close()


def test_nobody_else_is_believed(tmp_path: Path, backoffice: Sandbox) -> None:
    """Without trusted proxies a client can't choose its address, and can't get round its limit."""
    gateway = Gateway(tmp_path, backoffice, LOGIN_RATE_PER_MINUTE=4)
    try:
        told = [
            ask_for_invitation(gateway, "x", **{name: f"203.0.113.{number}"})
            for number, name in enumerate(("X-Forwarded-For", "X-Real-IP", "Forwarded"))
        ]
        assert told == [422, 422, 429]
    finally:
        gateway.close()


def test_the_log_out_button_of_every_page(gateway: Gateway, backoffice: Sandbox) -> None:
    with Person(gateway, backoffice) as person:
        person.enter("0010007")
        for page in ("/", "/graphql", "/sessions"):
            person.log_in("0010007")
            fields = Form(person.browser.get(page, headers={"Accept": "text/html"}).text).fields
            answer = person.browser.post("/logout", data=fields)
            assert answer.status_code == 303, page
            assert answer.headers["location"] == "/login?done=logout"
