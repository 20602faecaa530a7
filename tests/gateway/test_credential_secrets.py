"""Where secrets must not be, and which request headers are not believed."""

import json
import re
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote_plus

import httpx2

from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import API_KEY, Gateway, Sandbox

FIRST = "/first-login"
RESET = "/reset-password"
CHANGE = "/change-password"
WRONG_PASSWORD = "Wrong;Pass1"
OTHER_PASSWORD = "Niebieska,Rzeka8"
WRONG_PIN = "4815 1623"
THIRD_PASSWORD = "Czerwone&Okno+9"


def everything(folder: Path) -> dict[str, bytes]:
    """All that a gateway wrote: logs, and the store's append-only file with every write since its start."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "secret.key"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def listen(browser: httpx2.Client, heard: list[str]) -> None:
    """Keeps every answer, but for the cookies that it sets."""

    def keep(response: httpx2.Response) -> None:
        headers = {name: value for name, value in response.headers.items() if name != "set-cookie"}
        heard.append(f"{headers} {response.read().decode(errors='replace')}")

    browser.event_hooks["response"].append(keep)


def test_no_secret_in_anything_that_a_run_writes(hasty: Gateway, backoffice: Sandbox) -> None:
    """PINs, passwords, cookies, invitations: not in logs at DEBUG, store, audit, commands, answers."""
    heard: list[str] = []
    secrets = {
        PASSWORD,
        WRONG_PASSWORD,
        OTHER_PASSWORD,
        THIRD_PASSWORD,
        WRONG_PIN,
        WRONG_PIN.replace(" ", ""),
    }
    with Person(hasty, backoffice) as person:
        listen(person.browser, heard)

        def cookies() -> set[str]:
            held = {name: value for name, value in person.browser.cookies.items() if name != "lg_lang"}
            assert all(len(value) >= 43 for value in held.values())
            return set(held.values())

        for path, password in ((FIRST, PASSWORD), (RESET, OTHER_PASSWORD)):
            before = len(person.pins("0010015"))
            person.submit(path, login="0010015")
            person.submit(path, password=WRONG_PASSWORD, password_again=PASSWORD)
            person.submit(path, password=password, password_again=password)
            secrets.add(person.pin("0010015", newer_than=before))
            person.submit(path, pin=WRONG_PIN)
            person.submit(path, resend="1")
            pin = person.pin("0010015", newer_than=before + 1)
            secrets |= {pin, f"{pin[:4]} {pin[4:]}", *cookies()}
            assert person.submit(path, pin=pin).status_code == 303
            person.submit("/login", login="0010015", password=WRONG_PASSWORD)
            person.log_in("0010015", password)
            secrets |= cookies()
            assert person.data("{ viewer { user { login } } }")["viewer"]
        person.submit(CHANGE, present=WRONG_PASSWORD, password=THIRD_PASSWORD, password_again=THIRD_PASSWORD)
        changed = person.submit(
            CHANGE, present=OTHER_PASSWORD, password=THIRD_PASSWORD, password_again=THIRD_PASSWORD
        )
        assert changed.headers["location"] == "/sessions?done=password"
        secrets |= cookies()
        person.browser.get("/sessions")
        invited = httpx2.post(hasty.url + RESET, data={"login": "0010009"}, trust_env=False)
        assert invited.status_code == 303
        person.submit("/sessions", everywhere="1")
    commands = [
        hasty.command("invite", "--again", "0010009"),
        hasty.command("account", "show", "0010015"),
        hasty.command("audit", "show"),
    ]
    assert [command.returncode for command in commands] == [0, 0, 0]
    for mail in backoffice.mails("efaktury+0010009@example.com"):
        secrets |= {found.partition("=")[2] for found in re.findall(r"invite=\S+", mail["text"])}
    httpx2.get(_link(backoffice, "efaktury+0010009@example.com"), trust_env=False)
    secrets |= {secret.partition(".")[2] for secret in secrets if "." in secret}
    secrets |= {API_KEY, (hasty.folder / "secret.key").read_text()}
    assert len(secrets) >= 20

    written = everything(hasty.folder)
    assert {"gateway.log", "state/valkey.log"} <= set(written)
    assert any(name.endswith(".aof") and b"auth:{" in content for name, content in written.items())
    assert b'"path":"/first-login"' in written["gateway.log"]
    said = "".join(command.stdout + command.stderr for command in commands)
    for secret in secrets:
        encoded = (secret.encode(), json.dumps(secret)[1:-1].encode(), quote_plus(secret).encode())
        assert not [name for name, content in written.items() if any(form in content for form in encoded)]
        assert secret not in said
        assert not [answer for answer in heard if secret in answer]
    audit = commands[-1].stdout
    assert "0010015" not in audit
    for event in ("first.start", "first.pin", "reset.candidate", "reset.resend", "login", "password.change"):
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
