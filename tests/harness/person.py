"""A person at the portal: a browser with cookies, a mailbox, and a hand for forms and queries."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any, Self

import httpx2

from tests.harness.processes import Gateway, Sandbox

PASSWORD = "Zielone-Jabłko7"
PIN = re.compile(r"\b(\d{4}) (\d{4})\b")


class Form(HTMLParser):
    """The fields of a page's forms, the hidden ones with their values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, gateway: Gateway, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.browser = httpx2.Client(
            base_url=gateway.url, headers={"Origin": gateway.url}, trust_env=False, timeout=30
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def submit(self, path: str, **fields: str) -> httpx2.Response:
        """Opens a page and sends its form, as a browser does; redirects are not followed."""
        hidden = Form(self.browser.get(path).text).fields
        return self.browser.post(path, data={**hidden, **fields})

    def email(self, login: str) -> str:
        """The e-invoice address of a client."""
        answer = self._sandbox.ask("POST", "/v1/accounts/get", {"by": "login", "keys": [login]})
        return str(answer["results"][0]["email"])

    def pin(self, login: str, *, newer_than: int = 0, seconds: float = 10) -> str:
        """The newest PIN mailed to a client, once there are more PIN mails than before."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            pins = self.pins(login)
            if len(pins) > newer_than:
                return pins[0]
            time.sleep(0.05)
        raise AssertionError(f"no PIN came for {login}")

    def pins(self, login: str) -> list[str]:
        """All PINs mailed to a client, newest first."""
        found = (PIN.search(mail["text"]) for mail in self._sandbox.mails(self.email(login)))
        return [match[1] + match[2] for match in found if match]

    def first_login(self, login: str, password: str = PASSWORD) -> None:
        """Sets the first password."""
        before = len(self.pins(login))
        assert self.submit("/first-login", login=login).status_code == 303
        answer = self.submit("/first-login", password=password, password_again=password)
        assert answer.status_code == 303, answer.text
        answer = self.submit("/first-login", pin=self.pin(login, newer_than=before))
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"].startswith("/login")

    def enter(self, login: str) -> None:
        """Starts a session, with a first password if the account has none yet."""
        if self.submit("/login", login=login, password=PASSWORD).status_code != 303:
            self.first_login(login)
            self.log_in(login)

    def log_in(self, login: str, password: str = PASSWORD) -> None:
        """Starts a session."""
        answer = self.submit("/login", login=login, password=password)
        assert answer.status_code == 303, answer.text

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole GraphQL answer."""
        answer = self.browser.post(
            "/graphql",
            json={"query": query, "variables": variables},
            headers={"GraphQL-Require-Preflight": "1", "Accept": "application/graphql-response+json"},
        )
        assert answer.status_code in (200, 400), (answer.status_code, answer.text)
        told: dict[str, Any] = answer.json()
        return told

    def data(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = self.ask(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def data_again(self, query: str, **variables: Any) -> Any:
        """The data once nothing fails any more: a circuit that an outage opened closes within seconds."""
        give_up = time.monotonic() + 30
        while "errors" in self.ask(query, **variables) and time.monotonic() < give_up:
            time.sleep(0.1)
        return self.data(query, **variables)


@contextmanager
def people(gateway: Gateway, sandbox: Sandbox) -> Iterator[Callable[[str], Person]]:
    """People by client number, each logged in once."""
    known: dict[str, Person] = {}

    def person(login: str) -> Person:
        if login not in known:
            known[login] = Person(gateway, sandbox)
            known[login].enter(login)
        return known[login]

    try:
        yield person
    finally:
        for each in known.values():
            each.browser.close()
