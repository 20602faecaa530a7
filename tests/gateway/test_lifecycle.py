"""Starting, stopping, being probed, losing the ERP in the middle of a query, and what the log says."""

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from gateway.middleware import RequestContext
from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010006"
QUERY = """{ viewer { user { login } clients { nodes { number
    invoices(first: 5) { nodes { number allocations { kind } documents { kind } } } } } } }"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, Sandbox]]:
    """A house of their own for tests that break it."""
    sandbox = Sandbox(tmp_path_factory.mktemp("own-sandbox"))
    gateway = Gateway(tmp_path_factory.mktemp("own-gateway"), sandbox, ERP_TIMEOUT=5)
    yield gateway, sandbox
    gateway.close()
    sandbox.close()


@pytest.fixture(scope="module")
def person(own: tuple[Gateway, Sandbox]) -> Iterator[Person]:
    with Person(*own) as somebody:
        somebody.first_login(LOGIN)
        somebody.log_in(LOGIN)
        yield somebody


def ready(gateway: Gateway) -> tuple[int, dict[str, Any]]:
    answer = httpx2.get(f"{gateway.url}/readyz", trust_env=False)
    return answer.status_code, answer.json()


def test_the_erp_is_killed_in_the_middle_of_a_query(own: tuple[Gateway, Sandbox], person: Person) -> None:
    """Its fields are null with a typed error, the rest stands; the next query after its return is right."""
    gateway, sandbox = own
    whole = person.data(QUERY)
    answers: list[dict[str, Any]] = []
    with_delay = {"path": "/v1/allocations/list", "latencyMs": 4000}
    sandbox.ask("PUT", "/sandbox/faults", with_delay)
    asking = threading.Thread(target=lambda: answers.append(person.ask(QUERY)))
    asking.start()
    time.sleep(1)
    sandbox.process.stop(signal.SIGKILL)
    asking.join(15)
    (client,) = answers[0]["data"]["viewer"]["clients"]["nodes"]
    assert [node["allocations"] for node in client["invoices"]["nodes"]] == [None] * 5
    numbers = [node["number"] for node in whole["viewer"]["clients"]["nodes"][0]["invoices"]["nodes"]]
    assert [node["number"] for node in client["invoices"]["nodes"]] == numbers
    assert {error["extensions"]["code"] for error in answers[0]["errors"]} == {"UPSTREAM_UNAVAILABLE"}

    assert ready(gateway)[0] == 200, "degraded is not dead"
    told = ready(gateway)[1]
    assert (told["status"], told["store"]) == ("degraded", "ok")
    assert told["systems"]["erp"] == "UPSTREAM_UNAVAILABLE"
    while_away = person.ask(QUERY)
    assert while_away["data"]["viewer"] == {"user": {"login": LOGIN}, "clients": None}

    sandbox.restart()
    assert person.data_again(QUERY) == whole
    assert ready(gateway) == (
        200,
        {
            "status": "ok",
            "store": "ok",
            "systems": dict.fromkeys(("erp", "documents", "mail", "smtp"), "ok"),
            "circuits": dict.fromkeys(("erp", "documents", "mail", "smtp"), "closed"),
        },
    )


def test_a_query_under_way_is_answered_before_the_stop(own: tuple[Gateway, Sandbox], person: Person) -> None:
    gateway, sandbox = own
    answers: list[dict[str, Any]] = []
    with sandbox.fault("/v1/allocations/list", latencyMs=1500):
        asking = threading.Thread(target=lambda: answers.append(person.ask(QUERY)))
        asking.start()
        time.sleep(0.5)
        assert gateway.process.stop() == 0
        asking.join(10)
    assert answers
    assert "errors" not in answers[0]
    gateway.restart()
    assert person.data("{ viewer { user { login } } }")["viewer"]["user"]["login"] == LOGIN, (
        "the session lives on"
    )


def test_the_log_is_json_with_request_ids_and_no_secrets(
    own: tuple[Gateway, Sandbox], person: Person
) -> None:
    gateway, _ = own
    answer = person.browser.get("/readyz?quiet", headers={"X-Request-Id": "from-the-proxy-1"})
    assert answer.headers["x-request-id"] == "from-the-proxy-1"
    odd = person.browser.get("/nope", headers={"X-Request-Id": 'bad "id"\t<script>'})
    assert odd.headers["x-request-id"].isalnum()
    log = gateway.folder / "gateway.log"
    give_up = time.monotonic() + 5
    while odd.headers["x-request-id"] not in (text := log.read_text()):  # the line follows the answer
        assert time.monotonic() < give_up
        time.sleep(0.01)
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    assert len(lines) > 10
    assert not [line for line in text.splitlines() if line and not line.startswith(("{", "Leasegraph"))]
    requests = [line for line in lines if line["message"] == "request"]
    assert {"time", "level", "requestId", "method", "path", "status", "ms"} <= set(requests[0])
    assert not [line for line in requests if line["path"] == "/readyz"]
    assert any(line["requestId"] == odd.headers["x-request-id"] for line in requests)
    cookies = [value for value in person.browser.cookies.values() if len(value) > 16]
    assert cookies
    for secret in (PASSWORD, *person.pins(LOGIN), *cookies):
        assert secret not in text


def test_a_client_that_hangs_up_is_no_error(own: tuple[Gateway, Sandbox]) -> None:
    gateway, _ = own
    head = f"POST /graphql HTTP/1.1\r\nHost: localhost:{gateway.port}\r\nX-Request-Id: hung-up-early\r\n"
    with socket.create_connection(("127.0.0.1", gateway.port)) as half:
        half.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{{".encode())
    log = gateway.folder / "gateway.log"
    give_up = time.monotonic() + 5
    while not (lines := [line for line in log.read_text().splitlines() if "hung-up-early" in line][:2])[1:]:
        assert time.monotonic() < give_up
        time.sleep(0.01)
    assert [json.loads(line)["level"] for line in lines] == ["INFO", "INFO"]


def test_a_taken_port_is_said_plainly(own: tuple[Gateway, Sandbox], tmp_path: Path) -> None:
    gateway, sandbox = own
    with pytest.raises(RuntimeError, match=r"LEASEGRAPH_PORT: can't listen .* Stop what listens"):
        Gateway(tmp_path, sandbox, PORT=gateway.port)


def test_front_page_and_graphiql(own: tuple[Gateway, Sandbox], person: Person) -> None:
    gateway, _ = own
    for path in ("/", "/graphql"):
        page = person.browser.get(path, headers={"Accept": "text/html"})
        assert page.status_code in (200, 503), "503 where the bundle isn't built"
        assert LOGIN in page.text
        assert "default-src" in page.headers["content-security-policy"]
        assert "http://" not in page.text.replace("http://localhost", "").replace("http://127.0.0.1", "")
    assert httpx2.get(gateway.url, trust_env=False).text.count(LOGIN) == 0


async def test_what_escapes_is_told_in_the_graphs_form() -> None:
    """So that a client which reads `errors` of any answer finds them in this one."""

    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("secret")

    statuses: list[int] = []
    transport = httpx2.ASGITransport(app=RequestContext(broken, statuses.append))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.post("/graphql", headers={"X-Request-Id": "from-the-proxy-1"})
    assert (answer.status_code, statuses) == (500, [500])
    extensions = {"code": "INTERNAL", "requestId": "from-the-proxy-1"}
    assert answer.json() == {"errors": [{"message": "Something went wrong.", "extensions": extensions}]}
