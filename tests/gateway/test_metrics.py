"""Metrics: what a Prometheus that asks each worker adds up."""

import os
import signal
import socket
from collections import Counter
from collections.abc import Iterator

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.gateway.test_workers import banners, until, workers_of
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox, free_ports

WORKERS = 2
INVOICES = "{ viewer { clients(first: 1) { nodes { invoices(first: 1) { nodes { number } } } } } }"
LOGIN = "0010005"
Found = Counter[tuple[str, tuple[tuple[str, str], ...]]]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    gateway = Gateway(
        tmp_path_factory.mktemp("counted"), backoffice,
        WORKERS=WORKERS, METRICS_PORT=neighbours(WORKERS), RESEND_SECONDS=0,
    )  # fmt: skip
    until(lambda: banners(gateway) == 1)
    yield gateway
    assert gateway.process.stop() == 0


def neighbours(count: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        (first,) = free_ports(1)
        try:
            for port in range(first, first + count):
                socket.create_server(("127.0.0.1", port)).close()
        except (OSError, OverflowError):
            continue
        return first


def asked(gateway: Gateway, worker: int) -> Found:
    """One worker's."""
    port = int(gateway.settings["METRICS_PORT"]) + worker
    answer = httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False, timeout=30).raise_for_status()
    found: Found = Counter()
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value  # type: ignore[assignment]
    return found


def summed(gateway: Gateway) -> Found:
    """As `sum without (instance)` has it."""
    found: Found = Counter()
    for worker in range(WORKERS):
        found.update(asked(gateway, worker))
    return found


def value(found: Found, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


def test_what_workers_count_adds_up(counted: Gateway, backoffice: Sandbox) -> None:
    with Person(counted, backoffice) as person:
        person.enter(LOGIN)
        before = summed(counted)
        for _ in range(4):
            person.data(INVOICES)
        with backoffice.fault("/v1/invoices/list", status=500):
            assert person.ask(INVOICES)["errors"]
    for _ in range(2 * WORKERS):  # a connection for each, which workers are given in turn
        httpx2.post(f"{counted.url}/graphql", json={"query": "{ nothing }"}, trust_env=False, timeout=30)
    after = summed(counted)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    operations = "leasegraph_operation_seconds_count"
    assert more(operations, type="query", outcome="ok") == 4
    assert more(operations, type="query", outcome="errors") == 1
    assert more(operations, type="query", outcome="refused") == 2 * WORKERS
    assert more("leasegraph_operation_seconds_bucket", type="query", outcome="ok", le="+Inf") == 4
    calls = "leasegraph_system_call_seconds_count"
    assert more(calls, system="erp", outcome="UPSTREAM_UNAVAILABLE") == 1
    assert more(calls, system="erp", outcome="ok") >= 8
    assert more("leasegraph_http_requests_total", status="200") >= 5
    assert value(after, "leasegraph_system_circuit", system="erp", state="closed") == WORKERS
    assert value(after, "leasegraph_system_circuit", system="erp", state="open") == 0
    assert value(after, "leasegraph_system_calls_waiting", system="erp", kind="call") == 0
    assert value(after, "process_resident_memory_bytes") > 10_000_000
    refused = [
        value(asked(counted, each), operations, type="query", outcome="refused") for each in range(WORKERS)
    ]
    assert min(refused) > 0
    assert LOGIN not in str(after)


def test_a_worker_s_successor_answers_in_its_place(counted: Gateway) -> None:
    def starts() -> list[float]:
        found = [asked(counted, worker) for worker in range(WORKERS)]
        return [value(each, "process_start_time_seconds") for each in found]

    before = starts()
    os.kill(workers_of(counted)[-1], signal.SIGKILL)
    until(lambda: len(set(before) & set(starts())) == WORKERS - 1)


def test_the_public_port_tells_none(counted: Gateway) -> None:
    with httpx2.Client(base_url=counted.url, trust_env=False, timeout=30) as client:
        assert client.get("/metrics").status_code == 404
