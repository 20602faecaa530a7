"""What a session cookie may do, and when it ends."""

from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import Gateway, Sandbox

QUERY = {"query": "{ viewer { user { login } } }"}


@pytest.fixture(scope="module")
def person(gateway: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    with Person(gateway, backoffice) as somebody:
        somebody.enter("0010004")
        yield somebody


def test_a_cookie_needs_the_preflight_header(person: Person) -> None:
    person.log_in("0010004")
    refused = person.browser.post("/graphql", json=QUERY)
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == "PREFLIGHT_REQUIRED"
    assert "viewer" not in refused.text
    answered = person.browser.post("/graphql", json=QUERY, headers={"GraphQL-Require-Preflight": "1"})
    assert answered.json() == {"data": {"viewer": {"user": {"login": "0010004"}}}}


def test_a_get_with_the_cookie_needs_it_too(person: Person) -> None:
    person.log_in("0010004")
    assert person.browser.get("/graphql", params=QUERY).status_code == 403
    answered = person.browser.get("/graphql", params=QUERY, headers={"GraphQL-Require-Preflight": "1"})
    assert answered.json()["data"]["viewer"]["user"]["login"] == "0010004"


def test_no_origin_is_granted_anything(person: Person) -> None:
    asked = person.browser.options(
        "/graphql",
        headers={
            "Origin": "https://evil.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "graphql-require-preflight",
        },
    )
    assert not [name for name in asked.headers if name.startswith("access-control-")]


def test_a_dev_server_on_another_port_may_pass_requests_on(person: Person) -> None:
    """It sends the browser's Host and Origin, and the cookie that belongs to all ports of a host."""
    person.log_in("0010004")
    dev = {"Host": "localhost:5173", "Origin": "http://localhost:5173", "GraphQL-Require-Preflight": "1"}
    answered = person.browser.post("/graphql", json=QUERY, headers=dev)
    assert answered.json() == {"data": {"viewer": {"user": {"login": "0010004"}}}}


def test_logging_out_ends_it(person: Person) -> None:
    person.log_in("0010004")
    cookies = dict(person.browser.cookies)
    out = person.browser.post("/logout", data=Form(person.browser.get("/sessions").text).fields)
    assert out.status_code == 303
    person.browser.cookies.update(cookies)
    assert person.ask("{ viewer { user { login } } }") == {"data": {"viewer": None}}


def test_a_session_ends_by_itself(tmp_path: Path, backoffice: Sandbox) -> None:
    gateway = Gateway(tmp_path, backoffice, SESSION_IDLE_SECONDS=1)
    try:
        with Person(gateway, backoffice) as somebody:
            somebody.first_login("0010004")
            somebody.log_in("0010004")
            assert somebody.ask("{ viewer { user { login } } }")["data"]["viewer"]
            sleep(1.3)
            assert somebody.ask("{ viewer { user { login } } }") == {"data": {"viewer": None}}
    finally:
        gateway.process.stop()


def test_where_the_login_leads(person: Person) -> None:
    for wanted, given in (("/graphql", "/graphql"), ("//evil.example", "/"), ("https://evil.example/", "/")):
        answer = person.submit("/login", login="0010004", password=PASSWORD, next=wanted)
        assert answer.status_code == 303
        assert answer.headers["location"] == given
