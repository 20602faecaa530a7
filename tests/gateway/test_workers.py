"""Several workers behind one port, with one embedded Valkey. Connections go to them in turn, one to each."""

import asyncio
import json
import os
import resource
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.person import PASSWORD, Form, Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.streams import open_events

FIRST = "/first-login"
WHO = "{ viewer { user { login } } }"
WORKERS = 2
PATIENCE = 60.0


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def log_of(gateway: Gateway) -> list[dict[str, Any]]:
    lines = (gateway.folder / "gateway.log").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


def workers_of(gateway: Gateway) -> list[int]:
    """The living workers' process ids."""
    listed = subprocess.run(
        ["ps", "-o", "pid=,stat=", "--ppid", str(gateway.process.popen.pid)],
        capture_output=True, text=True, check=False,
    ).stdout.splitlines()  # fmt: skip
    return [int(pid) for pid, state in (line.split() for line in listed) if not state.startswith("Z")]


def lives(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False).stdout
    return bool(state.strip()) and not state.startswith(b"Z")


def connected(gateway: Gateway) -> socket.socket:
    return socket.create_connection(("127.0.0.1", gateway.port), timeout=PATIENCE)


def served(gateway: Gateway) -> bool:
    """Whether each worker takes connections."""
    asked = [f"{gateway.url}/healthz"] * WORKERS
    try:
        return {httpx2.get(each, trust_env=False, timeout=PATIENCE).status_code for each in asked} == {200}
    except httpx2.TransportError:
        return False


def banners(gateway: Gateway) -> int:
    """How often it was printed, which it is once all workers serve."""
    return (gateway.folder / "gateway.log").read_text().count("Leasegraph listens")


def restart(gateway: Gateway) -> None:
    """Until all workers serve."""
    before = banners(gateway)
    gateway.restart()
    until(lambda: banners(gateway) > before)


def valkey_of(gateway: Gateway) -> int | None:
    """Its process id; None while it writes that down."""
    text = (gateway.folder / "state" / "valkey.pid").read_text()
    return int(text) if text.endswith("\n") else None


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    gateway = Gateway(
        tmp_path_factory.mktemp("pair"), backoffice, WORKERS=WORKERS, RESEND_SECONDS=0, ERP_TIMEOUT=5
    )
    until(lambda: banners(gateway) == 1)
    yield gateway
    gateway.close()


@pytest.fixture
def wanderer(pair: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    """Whose every request is a connection of its own, and so comes to the next worker."""
    with Person(pair, backoffice) as person:
        person.browser.headers["Connection"] = "close"
        yield person


def test_a_login_goes_from_worker_to_worker(pair: Gateway, wanderer: Person) -> None:
    wanderer.first_login("0010002")
    wanderer.log_in("0010002")
    for _ in range(2 * WORKERS):
        assert wanderer.data(WHO)["viewer"]["user"]["login"] == "0010002"
    until(lambda: sum(line.get("path") == "/graphql" for line in log_of(pair)) == 2 * WORKERS)
    requests = [line for line in log_of(pair) if line["message"] == "request"]
    for path in (FIRST, "/login", "/graphql"):
        assert {line["worker"] for line in requests if line["path"] == path} == {1, 2}
    turns = [line["worker"] for line in requests if line["path"] == "/graphql"]
    assert turns.count(1) == turns.count(2)


def test_wrong_pins_count_wherever_they_come_in(pair: Gateway, wanderer: Person) -> None:
    before = len(wanderer.pins("0010003"))
    wanderer.submit(FIRST, login="0010003")
    assert wanderer.submit(FIRST, password=PASSWORD, password_again=PASSWORD).status_code == 303
    pin = wanderer.pin("0010003", newer_than=before)
    hidden = Form(wanderer.browser.get(FIRST).text).fields
    wrong = f"{(int(pin) + 1) % 10**8:08}"
    told = [wanderer.browser.post(FIRST, data={**hidden, "pin": wrong}) for _ in range(5)]
    assert {answer.status_code for answer in told} == {422}
    ids = [answer.headers["x-request-id"] for answer in told]
    until(lambda: sum(line.get("requestId") in ids and "status" in line for line in log_of(pair)) == len(ids))
    assert {line["worker"] for line in log_of(pair) if line.get("requestId") in ids} == {1, 2}
    assert wanderer.submit(FIRST, pin=pin).status_code == 422, "right, and too late"


async def test_a_logout_ends_the_streams_of_all_workers(pair: Gateway, wanderer: Person) -> None:
    await asyncio.to_thread(wanderer.enter, "0010004")
    async with AsyncExitStack() as stack:
        streams = [
            await stack.enter_async_context(
                open_events(pair.url, "subscription { invoiceChanged { number } }", wanderer)
            )
            for _ in range(WORKERS)
        ]
        for stream in streams:
            assert await stream.block() == [":"]
        page = await asyncio.to_thread(lambda: wanderer.browser.get("/sessions").text)
        answer = await asyncio.to_thread(lambda: wanderer.browser.post("/logout", data=Form(page).fields))
        assert answer.status_code == 303
        for stream in streams:
            told = await stream.next()
            assert isinstance(told, dict)
            assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            assert await stream.next() == "complete"


def test_a_killed_worker_is_replaced(pair: Gateway, wanderer: Person) -> None:
    """Whoever connects meanwhile is served: by the other, or by the one that takes its place."""
    wanderer.enter("0010005")
    before = workers_of(pair)
    assert len(before) == WORKERS
    for pid in before:
        os.kill(pid, signal.SIGKILL)
        until(lambda pid=pid: not lives(pid))  # type: ignore[misc]
        for _ in range(2 * WORKERS):
            assert wanderer.data(WHO)["viewer"]["user"]["login"] == "0010005"
    until(lambda: len(set(workers_of(pair)) - set(before)) == WORKERS)
    died = [line for line in log_of(pair) if line["message"] == "a worker died: another takes its place"]
    assert {line["pid"] for line in died} == set(before)


def test_the_store_is_killed_while_requests_run(pair: Gateway, wanderer: Person) -> None:
    """Meanwhile 503 that says so; then it is there again by itself, with all that it had acknowledged."""
    wanderer.first_login("0010006")
    wanderer.log_in("0010006")
    former = valkey_of(pair)
    assert former is not None
    question = {"json": {"query": WHO}, "headers": {"GraphQL-Require-Preflight": "1"}}
    told: list[httpx2.Response] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            told.append(wanderer.browser.post("/graphql", **question))  # type: ignore[arg-type]

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for each in asking:
        each.start()
    try:
        until(lambda: len(told) >= 8)
        os.kill(former, signal.SIGKILL)
        until(lambda: valkey_of(pair) not in (former, None))
        asked = len(told) + len(asking)
        until(lambda: any(answer.status_code == 200 for answer in told[asked:]))
    finally:
        stop.set()
        for each in asking:
            each.join()
    for answer in told:
        if answer.status_code != 200:
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
        else:
            assert answer.json()["data"]["viewer"]["user"]["login"] == "0010006"
    wanderer.log_in("0010006")
    assert pair.command("audit", "verify").returncode == 0


def test_a_stop_answers_what_has_begun_and_leaves_nothing(
    pair: Gateway, wanderer: Person, backoffice: Sandbox
) -> None:
    wanderer.enter("0010007")
    query = "{ viewer { clients { nodes { invoices(first: 5) { nodes { allocations { kind } } } } } } }"
    whole = wanderer.data(query)
    workers, store = workers_of(pair), valkey_of(pair)
    assert store is not None
    answers: list[dict[str, Any]] = []
    slow = [threading.Thread(target=lambda: answers.append(wanderer.ask(query))) for _ in range(WORKERS)]
    with backoffice.fault("/v1/allocations/list", latencyMs=2000):
        backoffice.ask("DELETE", "/sandbox/calls")
        for each in slow:
            each.start()
        until(
            lambda: (
                sum(
                    "allocations" in call["path"] for call in backoffice.ask("GET", "/sandbox/calls")["calls"]
                )
                >= WORKERS
            )
        )
        assert pair.process.stop() == 0
        for each in slow:
            each.join()
    assert answers == [{"data": whole}] * WORKERS
    assert not any(map(lives, [*workers, store]))
    assert not (pair.folder / "state" / "valkey.sock").exists()
    restart(pair)
    assert wanderer.data(WHO)["viewer"]["user"]["login"] == "0010007", "the session lives on"


@contextmanager
def descriptors(pid: int, most: int) -> Iterator[None]:
    """What a process may have of them while the block runs."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def descriptors_of(pid: int) -> set[int]:
    return {int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()}


def test_a_crowd_is_refused_by_each_worker_and_forgotten(pair: Gateway, wanderer: Person) -> None:
    wanderer.enter("0010008")
    most = 4 * max(len(descriptors_of(pid)) for pid in workers_of(pair)) + 40
    with ExitStack() as stack:
        for pid in workers_of(pair):
            stack.enter_context(descriptors(pid, most))
        crowd = [stack.enter_context(connected(pair)) for _ in range(WORKERS * most)]
        until(lambda: len(select.select(crowd, [], [], 0)[0]) >= WORKERS * (most // 4))
        with pytest.raises(httpx2.TransportError):
            wanderer.data(WHO)
    until(lambda: served(pair))
    assert wanderer.data(WHO)["viewer"]["user"]["login"] == "0010008"


def test_connections_that_can_t_be_accepted_wait(pair: Gateway) -> None:
    """It is said once, however long that lasts."""
    message, parent = "connections can't be accepted", pair.process.popen.pid
    free = min(set(range(1000)) - descriptors_of(parent))
    with ExitStack() as stack:
        with descriptors(parent, free):
            waiting = [stack.enter_context(connected(pair)) for _ in range(3)]
            until(lambda: message in [line["message"] for line in log_of(pair)])
            time.sleep(0.5)  # it tries again meanwhile
        for each in waiting:
            each.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert each.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert [line["message"] for line in log_of(pair)].count(message) == 1


def test_workers_end_with_a_killed_parent(pair: Gateway, wanderer: Person) -> None:
    wanderer.enter("0010008")
    workers = workers_of(pair)
    pair.process.stop(signal.SIGKILL)
    until(lambda: not any(map(lives, workers)))
    restart(pair)
    assert wanderer.data(WHO)["viewer"]["user"]["login"] == "0010008"


def test_a_worker_that_dies_again_and_again_ends_the_gateway(pair: Gateway) -> None:
    """With an error; a supervisor above may know better."""
    store, patient = valkey_of(pair), workers_of(pair)[-1]
    assert store is not None

    def another(than: int) -> set[int]:
        return set(workers_of(pair)) - {patient, than}

    victim = 0
    for _ in range(6):
        until(lambda: bool(another(victim)))  # noqa: B023
        (victim,) = another(victim)
        os.kill(victim, signal.SIGKILL)
    assert pair.process.popen.wait(PATIENCE) == 1
    assert "a worker dies again and again: the gateway ends" in [line["message"] for line in log_of(pair)]
    assert not lives(store)
    assert not lives(patient)


def test_what_keeps_all_from_starting_is_said_once(tmp_path: Path, backoffice: Sandbox) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "appendonlydir").write_text("in its way")
    with pytest.raises(RuntimeError, match="did not start") as error:
        Gateway(tmp_path, backoffice, WORKERS=WORKERS)
    assert str(error.value).count("The embedded Valkey has ended") == 1
