"""Systems that are slow, flooded or away, and clients that don't wait: at the public door and at the wire."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.requests import right_input
from tests.harness.streams import open_events, open_socket

LOGIN = "0010006"
GIVE_UP = 40.0
CONNECTIONS, QUEUE = 8, 16
BALANCES = "{ viewer { clients { nodes { number balances { currency } } } } }"
DOCUMENTS = "{ viewer { clients { nodes { documents(first: 3) { nodes { title } } } } } }"
LARGE = """{ viewer { clients(first: 10) { nodes {
    documents(first: 3) { nodes { title } }
    contracts(first: 100) { nodes { invoices(first: 80) { nodes { number issueDate } } } } } } } }"""
AWAY = {"mode": "hang"}


def lists(many: int) -> str:
    """A query that asks the ERP for so many lists at once."""
    parts = [f"i{size}: invoices(first: {size}) {{ nodes {{ number }} }}" for size in range(1, many + 1)]
    return f"{{ viewer {{ user {{ login }} clients {{ nodes {{ number {' '.join(parts)} }} }} }} }}"


def lookup(number: int) -> str:
    """A query that asks it for one invoice, which is none."""
    return f'{{ viewer {{ user {{ login }} }} invoice(number: "FV/{number}") {{ number }} }}'


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gateway, Sandbox]]:
    """An ERP that is soon given up, and documents that are waited for longer than any test."""
    sandbox = Sandbox(tmp_path_factory.mktemp("slow-sandbox"))
    gateway = Gateway(
        tmp_path_factory.mktemp("slow-gateway"),
        sandbox,
        ERP_TIMEOUT=2.5,
        DOCUMENTS_TIMEOUT=600,
        REQUEST_TIMEOUT=600,
        SYSTEM_CONNECTIONS=CONNECTIONS,
        SYSTEM_QUEUE=QUEUE,
    )
    yield gateway, sandbox
    gateway.process.stop()
    sandbox.close()


@pytest.fixture(scope="module")
def person(house: tuple[Gateway, Sandbox]) -> Iterator[Person]:
    with Person(*house) as somebody:
        somebody.enter(LOGIN)
        yield somebody


def waited_for(condition: Callable[[], bool], seconds: float = GIVE_UP) -> bool:
    """Whether it came true."""
    give_up = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < give_up:
        time.sleep(0.05)
    return met


def codes(answer: dict[str, Any]) -> set[str]:
    """Of its errors, which all name the ERP."""
    told = [error["extensions"] for error in answer.get("errors", [])]
    assert {each["upstream"] for each in told} <= {"erp"}
    return {each["code"] for each in told}


def circuit(gateway: Gateway) -> str:
    return str(httpx2.get(f"{gateway.url}/readyz", trust_env=False).json()["circuits"]["erp"])


def connections(sandbox: Sandbox) -> int:
    """How many are open to it."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(line[2].endswith(f":{sandbox.port:04X}") and line[3] == "01" for line in lines)


def logged(gateway: Gateway) -> list[dict[str, Any]]:
    lines = gateway.process.log.read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_too_many_calls_are_refused_at_once(house: tuple[Gateway, Sandbox], person: Person) -> None:
    _, sandbox = house
    with sandbox.fault("/v1/invoices/*", **AWAY):
        answer = person.ask(lists(CONNECTIONS + QUEUE + 4))
    assert codes(answer) == {"UPSTREAM_TIMEOUT", "UPSTREAM_OVERLOADED"}
    assert answer["data"]["viewer"]["user"] == {"login": LOGIN}
    assert waited_for(lambda: "errors" not in person.ask(lists(4))), "those that hung may open the circuit"


def test_a_probe_says_of_a_slow_system_that_it_is_slow(house: tuple[Gateway, Sandbox]) -> None:
    gateway, sandbox = house
    with sandbox.fault("/v1/health", **AWAY):
        told = httpx2.get(f"{gateway.url}/readyz", trust_env=False, timeout=GIVE_UP)
    assert (told.status_code, told.json()["status"]) == (200, "degraded")
    assert told.json()["systems"]["erp"] == "UPSTREAM_TIMEOUT"


def test_a_slow_erp_holds_nobody_up_and_is_found_again(
    house: tuple[Gateway, Sandbox], person: Person
) -> None:
    gateway, sandbox = house
    whole = person.data(lists(4))
    before, numbers = connections(sandbox), count(1)

    def flood() -> set[str]:
        """Many at once, each with a question of their own; what isn't the ERP's is there in every answer."""
        people = CONNECTIONS + QUEUE
        began = time.monotonic()
        with ThreadPoolExecutor(people) as crowd:
            answers = list(crowd.map(lambda n: person.ask(lookup(n)), [next(numbers) for _ in range(people)]))
        assert time.monotonic() - began < 30
        assert all(answer["data"]["viewer"]["user"] == {"login": LOGIN} for answer in answers)
        assert all(codes(answer) for answer in answers)
        return set.union(*map(codes, answers))

    with sandbox.fault("/v1/*", **AWAY):
        assert waited_for(lambda: "UPSTREAM_CIRCUIT_OPEN" in flood())
        assert circuit(gateway) in ("open", "half-open")
        seen = [codes(person.ask(lookup(0))) for _ in range(20)]
        assert seen.count({"UPSTREAM_CIRCUIT_OPEN"}) >= 5
        assert seen.count({"UPSTREAM_CIRCUIT_OPEN"}) + seen.count({"UPSTREAM_TIMEOUT"}) == 20, "trials"
    assert waited_for(lambda: "errors" not in person.ask(lists(4)))
    assert person.data(lists(4)) == whole
    assert circuit(gateway) == "closed"
    assert waited_for(lambda: connections(sandbox) <= before + CONNECTIONS), "some are left behind"

    told = [(line["message"].partition(":")[0], line.get("code")) for line in logged(gateway)]
    changes = [message for message, _ in told if message.startswith("circuit ")]
    assert changes == ["circuit opened", "circuit closed"] * (len(changes) // 2)
    assert "UPSTREAM_CIRCUIT_OPEN" not in {code for _, code in told}, "each call that is refused"


def test_a_system_that_names_a_time_is_asked_again_then(
    house: tuple[Gateway, Sandbox], person: Person
) -> None:
    _, sandbox = house
    began = time.monotonic()
    with sandbox.fault("/v1/balances/list", status=503, retryAfter=1, times=1), sandbox.calls() as calls:
        assert person.data(BALANCES)
    assert time.monotonic() - began >= 1
    assert [call["status"] for call in calls if call["path"] == "/v1/balances/list"] == [503, 200]


def test_but_not_where_nobody_would_wait_so_long(house: tuple[Gateway, Sandbox], person: Person) -> None:
    gateway, sandbox = house
    with sandbox.fault("/v1/balances/list", status=429, retryAfter=30), sandbox.calls() as calls:
        answer = person.ask(BALANCES)
    assert codes(answer) == {"UPSTREAM_UNAVAILABLE"}
    assert [call["status"] for call in calls if call["path"] == "/v1/balances/list"] == [429]
    request_id = answer["errors"][0]["extensions"]["requestId"]
    (line,) = [
        each
        for each in logged(gateway)
        if each["message"] == "upstream call failed" and each.get("requestId") == request_id
    ]
    assert (line["upstream"], line["code"], line["status"], line["attempt"]) == (
        "erp",
        "UPSTREAM_UNAVAILABLE",
        429,
        1,
    )


def test_one_failure_goes_unseen(house: tuple[Gateway, Sandbox], person: Person) -> None:
    _, sandbox = house
    with sandbox.fault("/v1/balances/list", mode="reset-mid-body", times=1):
        assert person.data(BALANCES)


def test_equal_questions_at_once_are_one_at_the_wire(house: tuple[Gateway, Sandbox], person: Person) -> None:
    _, sandbox = house
    with (
        sandbox.fault("/documents/v1/list", latencyMs=5000),
        sandbox.calls() as calls,
        ThreadPoolExecutor(8) as crowd,
    ):
        answers = list(crowd.map(lambda _: person.data(DOCUMENTS), range(8)))
    assert answers == answers[:1] * 8
    assert [call["path"] for call in calls].count("/documents/v1/list") == 1


async def _ask(url: str, person: Person, query: str, **variables: Any) -> None:
    headers = {"GraphQL-Require-Preflight": "1"}
    async with httpx2.AsyncClient(
        base_url=url, trust_env=False, cookies=dict(person.browser.cookies), headers=headers, timeout=600
    ) as client:
        await client.post("/graphql", json={"query": query, "variables": variables})


async def _as_events(url: str, person: Person, query: str) -> None:
    async with open_events(url, query, person):
        pass


@asynccontextmanager
async def left(
    how: str, url: str, person: Person, after: float, query: str, **variables: Any
) -> AsyncIterator[None]:
    """Asks, and after so many seconds hangs up, or says on a socket that it wants no more; then the block."""
    if how in ("socket", "complete"):
        async with open_socket(url, person) as socket:
            await socket.initialise()
            await socket.subscribe(query, "1", **variables)
            await asyncio.sleep(after)
            if how == "complete":
                await socket.send(type="complete", id="1")
            else:
                await socket.connection.close()
            yield
        return
    ask = {"http": _ask, "events": _as_events}[how]
    asking = asyncio.create_task(ask(url, person, query, **variables))
    await asyncio.wait((asking,), timeout=after)
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    yield


@pytest.mark.parametrize("how", ["http", "socket", "complete", "events"])
async def test_a_query_that_nobody_waits_for_is_broken_off(
    how: str, house: tuple[Gateway, Sandbox], person: Person
) -> None:
    """The sandbox logs a call that hangs when its connection goes, which else would be in ten minutes."""
    gateway, sandbox = house

    def broken_off() -> bool:
        log = sandbox.ask("GET", "/sandbox/calls")["calls"]
        return any(call["path"] == "/documents/v1/list" for call in log)

    with sandbox.fault("/documents/*", **AWAY), sandbox.calls():
        for _ in range(5):  # it may have been too early, on a slow machine
            async with left(how, gateway.url, person, 1.5, DOCUMENTS):
                found = await asyncio.to_thread(waited_for, broken_off, 5)
            if found:
                break
        assert found
    assert circuit(gateway) == "closed"


@pytest.mark.parametrize("how", ["http", "socket", "complete"])
async def test_a_mutation_that_nobody_waits_for_runs_to_its_end(
    how: str, house: tuple[Gateway, Sandbox], person: Person
) -> None:
    gateway, sandbox = house
    given = await asyncio.to_thread(right_input, person, "Complaint")
    mutation = """mutation ($input: ServiceRequestComplaintSubmitInput!) {
        serviceRequestComplaintSubmit(input: $input) {
            serviceRequest { client { invoices(first: 1) { nodes { number } } } } errors { message } } }"""

    def at_the_wire(path: str) -> bool:
        return path in [call["path"] for call in sandbox.ask("GET", "/sandbox/calls")["calls"]]

    with sandbox.fault("/v1/requests", latencyMs=1000), sandbox.calls():
        async with left(how, gateway.url, person, 0.5, mutation, input=given):
            assert await asyncio.to_thread(waited_for, lambda: at_the_wire("/v1/invoices/list")), "half of it"


async def test_large_queries_take_turns_and_small_ones_go_by(
    house: tuple[Gateway, Sandbox], person: Person
) -> None:
    """Two that cost more than half of what may be under way: the second begins when the first is over."""
    gateway, sandbox = house

    def lists_of_contracts() -> int:
        log = sandbox.ask("GET", "/sandbox/calls")["calls"]
        return sum(call["path"] == "/v1/contracts/list" for call in log)

    with sandbox.fault("/documents/*", **AWAY), sandbox.calls():
        first = asyncio.create_task(_ask(gateway.url, person, LARGE))
        assert await asyncio.to_thread(waited_for, lambda: lists_of_contracts() == 1)
        second = asyncio.create_task(_ask(gateway.url, person, LARGE))
        for _ in range(3):
            assert await asyncio.to_thread(person.data, lists(2)), "a small one, between them"
        assert lists_of_contracts() == 1
        first.cancel()
        assert await asyncio.to_thread(waited_for, lambda: lists_of_contracts() == 2)
        second.cancel()
        await asyncio.wait((first, second))
