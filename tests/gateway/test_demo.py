"""`leasegraph demo`, as `make run` starts it: what others see of it, and how it ends."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.browser.demo import Demo
from tests.harness.processes import free_ports, start


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path)
    yield running
    running.process.stop()


def processes(word: str) -> list[str]:
    """The command lines that anybody on this machine can read."""
    listed = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if word in line]


@pytest.mark.usefixtures("demo")
def test_the_process_list_tells_no_key(tmp_path: Path) -> None:
    (sandbox,) = [line for line in processes(str(tmp_path)) if "-m sandbox" in line]
    assert "key" not in sandbox


def test_a_key_may_begin_with_a_dash(tmp_path: Path) -> None:
    """One random key in 64 does, and as an argument it was taken for an option."""
    port, smtp_port = free_ports(2)
    url = f"http://127.0.0.1:{port}/v1/health"
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--smtp-port", str(smtp_port),
               "--data-dir", str(tmp_path), "--size", "tiny"]  # fmt: skip
    sandbox = start(command, tmp_path / "log", {"SANDBOX_API_KEY": "-key"}, url)
    try:
        answer = httpx2.get(url, headers={"Authorization": "Bearer -key"}, trust_env=False)
        assert answer.status_code == 200
    finally:
        sandbox.stop()
