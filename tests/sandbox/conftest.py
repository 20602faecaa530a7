"""A sandbox for all tests of this folder."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.sandbox.backoffice import KEY, TODAY, Sandbox, free_ports, start, stop


@pytest.fixture(scope="session")
def process_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The process, one for all tests."""
    port, smtp_port = free_ports(2)
    process = start(tmp_path_factory.mktemp("sandbox"), port, smtp_port)
    url = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=10) as client:
        yield Sandbox(client, url, port, smtp_port)
    stop(process)


@pytest.fixture
def sandbox(process_sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox with nothing switched on, before and after the test."""
    yield process_sandbox
    process_sandbox.http.delete("/sandbox/faults")
    process_sandbox.http.put("/sandbox/today", json={"date": TODAY})
