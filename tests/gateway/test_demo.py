"""`leasegraph demo`, as `make run` starts it: what others see of it, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.browser.demo import Demo
from tests.harness.processes import free_ports, start

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path)
    yield running
    running.process.stop()


def start_demo(folder: Path, port: int, data: Path, command: str = "demo") -> None:
    """Starts it where it can't start; the error holds what it said."""
    environment = {"LEASEGRAPH_PORT": str(port), "LEASEGRAPH_DATA_DIR": str(data)}
    url = f"http://127.0.0.1:{port}/healthz"
    start([sys.executable, "-m", "gateway", command], folder / "log", environment, url)


def processes(word: str) -> list[str]:
    """The command lines that anybody on this machine can read."""
    listed = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if word in line]


def as_documented(demo: Demo) -> dict[str, str]:
    """The settings with which docs/operating.md has `check` look at the demo's systems."""
    (line,) = re.findall(r"^LEASEGRAPH.* \.venv/bin/leasegraph check$", OPERATING.read_text(), re.MULTILINE)
    words = line.replace("=mine", "=a-key-of-mine").replace("http://127.0.0.1:8001", demo.erp_url).split()
    port = demo.url.rpartition(":")[2]
    return {"LEASEGRAPH_PORT": port, **dict(word.split("=", 1) for word in words[:-2])}


@pytest.mark.usefixtures("demo")
def test_the_process_list_tells_no_key(tmp_path: Path) -> None:
    (sandbox,) = [line for line in processes(str(tmp_path)) if "-m sandbox" in line]
    assert "key" not in sandbox


def test_who_sets_the_key_has_the_sandbox_switches(tmp_path: Path) -> None:
    demo = Demo(tmp_path, LEASEGRAPH_ERP_API_KEY="a-key-of-mine")
    try:
        checked = subprocess.run(
            [sys.executable, "-m", "gateway", "check"],
            env={**os.environ, **as_documented(demo), "LEASEGRAPH_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        faults = f"{demo.erp_url}/sandbox/faults"
        key = {"Authorization": "Bearer a-key-of-mine"}
        answer = httpx2.put(faults, headers=key, json={"path": "/v1/health", "status": 503}, trust_env=False)
        assert answer.status_code < 300, answer.text
        systems = httpx2.get(f"{demo.url}/readyz", trust_env=False).json()
        assert systems["status"] == "degraded"
    finally:
        demo.process.stop()


def test_a_day_that_is_none(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "--data-dir",
        str(tmp_path),
        "--api-key",
        "k",
        "--today",
        "22.11.2026",
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert "'22.11.2026' is no day such as 2026-11-22" in told.stderr


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


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)])
def test_a_start_that_is_broken_off(tmp_path: Path, how: signal.Signals, code: int) -> None:
    """While the sandbox makes its data: no stack trace, and nothing goes on."""
    environment = {
        **os.environ,
        "LEASEGRAPH_PORT": str(free_ports(3)[0]),
        "LEASEGRAPH_DATA_DIR": str(tmp_path),
    }
    command = [sys.executable, "-m", "gateway", "demo", "--size", "full"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as starting:
        assert starting.stdout is not None
        assert "makes its data" in starting.stdout.readline()
        starting.send_signal(how)
        said = starting.stdout.read()
    assert (starting.returncode, said) == (code, "")
    assert processes(str(tmp_path)) == []


def test_a_closed_terminal_ends_all_of_it(demo: Demo, tmp_path: Path) -> None:
    assert len(processes(str(tmp_path))) == 2, "sandbox and store"
    assert demo.process.stop(signal.SIGHUP) == 0
    give_up = time.monotonic() + 5
    while processes(str(tmp_path)):
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.mark.parametrize("which", [1, 2])
def test_a_taken_port_of_the_sandbox_is_said_plainly(tmp_path: Path, which: int) -> None:
    port = free_ports(3)[0]
    with socket.create_server(("127.0.0.1", port + which)), pytest.raises(RuntimeError) as error:
        start_demo(tmp_path, port, tmp_path)
    assert f"LEASEGRAPH_PORT: the sandbox can't have port {port + which}" in str(error.value)
    assert "Traceback" not in str(error.value)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_data_folder_that_is_none_is_said_plainly(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RuntimeError) as error:
        start_demo(tmp_path, free_ports(3)[0], tmp_path / "file", command)
    assert re.search(r"LEASEGRAPH_DATA_DIR: .* can't be made .* name another folder", str(error.value))
    assert "Traceback" not in str(error.value)
