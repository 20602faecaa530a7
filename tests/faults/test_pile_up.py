"""Hundreds of requests that fail at once leave nothing behind, and an answer without end is not taken in."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.faults.conftest import House
from tests.harness import between
from tests.harness.between import Talk, saying
from tests.harness.memory import Highest, resident
from tests.harness.person import Person

CROWD = 64
LARGE = """{ viewer { clients { nodes { number invoices(first: 20) { nodes {
  number allocations { kind amount { amount } } documents { kind } } } } } } }"""
SMALL = """{ viewer { user { login } clients { nodes { invoices(first: 2) { nodes {
  allocations { kind } } } } } } }"""
ALLOCATIONS = "/v1/allocations/list"
MOST_GROWTH = 32_000_000
"""Bytes, for each process; 10 to 15 MB of it are what Python gives back to nobody."""
GIVE_UP = 30.0
NOT_ASKED = {"UPSTREAM_CIRCUIT_OPEN", "UPSTREAM_OVERLOADED"}


def descriptors(house: House) -> int:
    """How many files and connections they have open, but for those to the store: they may be a hundred."""
    local = {line.split()[6] for line in Path("/proc/net/unix").read_text().splitlines()[1:]}
    opened = [each.readlink().name for pid in house.processes for each in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(each.removeprefix("socket:[").removesuffix("]") not in local for each in opened)


def waited_for(condition: Callable[[], bool]) -> bool:
    give_up = time.monotonic() + GIVE_UP
    while not (met := condition()) and time.monotonic() < give_up:
        time.sleep(0.1)
    return met


@contextmanager
def crowd(person: Person) -> Iterator[Callable[[int], set[str]]]:
    """Asks so many times, CROWD at once over connections that are kept; the codes of all errors."""
    headers = {"GraphQL-Require-Preflight": "1"}
    browsers = [
        httpx2.Client(
            base_url=person.browser.base_url, cookies=dict(person.browser.cookies), headers=headers,
            trust_env=False, timeout=60,
        )
        for _ in range(CROWD)
    ]  # fmt: skip

    def ask(number: int) -> set[str]:
        answer = browsers[number % CROWD].post("/graphql", json={"query": LARGE})
        assert answer.status_code == 200
        told = answer.json()
        assert told["data"]["viewer"] is not None
        return {error["extensions"]["code"] for error in told.get("errors", [])}

    with ThreadPoolExecutor(CROWD) as together:
        yield lambda times: set().union(*together.map(ask, range(times)))
        for browser in browsers:
            browser.close()


def test_failing_requests_leave_nothing_behind(house: House, person: Person) -> None:
    whole, resting = person.data_again(LARGE), descriptors(house)
    with crowd(person) as ask:
        ask(2 * CROWD)
        connected = house.systems.connections
        memory = resident(*house.processes)
        for mode, code in (
            ("garbage", "UPSTREAM_MALFORMED"),
            ("reset-mid-body", "UPSTREAM_UNAVAILABLE"),
            ("hang", "UPSTREAM_TIMEOUT"),
        ):
            with house.office.fault(ALLOCATIONS, mode=mode):
                codes = ask(CROWD)
            assert codes
            assert codes <= {code, "UPSTREAM_TIMEOUT", *NOT_ASKED}
        with house.systems.away():
            assert ask(CROWD)
        assert person.data_again(LARGE) == whole
        growth = resident(*house.processes) - memory
        assert growth < MOST_GROWTH * len(house.processes)
        assert waited_for(lambda: house.systems.connections <= connected)
    assert waited_for(lambda: descriptors(house) <= resting + connected + 5)


def test_equal_questions_are_asked_each_where_the_setting_says_so(house: House, person: Person) -> None:
    with (
        house.office.fault(ALLOCATIONS, latencyMs=300),
        house.office.calls() as calls,
        ThreadPoolExecutor(4) as together,
    ):
        list(together.map(lambda _: person.data_again(SMALL), range(4)))
    assert [call["path"] for call in calls].count(ALLOCATIONS) >= 4


@pytest.mark.parametrize(
    "talk",
    [
        between.huge(300),
        between.bomb(300),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n" + b"[" * 60_000_000),
    ],
    ids=["huge", "packed", "not readable"],
)
def test_an_answer_without_end_costs_no_memory(talk: Talk, house: House, person: Person) -> None:
    """What is more than an answer may be is not taken in, and what can't be read isn't kept."""
    whole = person.data_again(SMALL)
    with house.systems.answering(ALLOCATIONS, talk), Highest(*house.processes) as memory:
        answers = [person.ask(SMALL) for _ in range(5)]
    for answer in answers:
        told = {error["extensions"]["code"] for error in answer["errors"]}
        assert told <= {"UPSTREAM_MALFORMED", "UPSTREAM_TIMEOUT"}
        assert told
        assert answer["data"]["viewer"]["user"] is not None
    assert memory.growth < 200_000_000
    assert person.data_again(SMALL) == whole
