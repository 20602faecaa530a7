"""Real processes for tests: a sandbox back office and a gateway, on free ports of the loopback interface."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

API_KEY = "test-key-of-the-sandbox"
START_SECONDS = 60.0

_random = random.SystemRandom()
ENGINES = ("compiled", "graphql-core")
"""What may run queries: the values of the setting `ENGINE`."""
GENEROUS = {
    "MAX_TOKENS": 10**6, "MAX_ALIASES": 10**6, "MAX_DEPTH": 60, "MAX_BODY_BYTES": 10**7, "MAX_VALUES": 10**15,
    "MAX_UPLOADS_PER_DAY": 10**6, "ERP_TIMEOUT": 4,
}  # fmt: skip
"""Settings with room for what tests generate."""


def free_ports(count: int) -> list[int]:
    """Ports in a row that nobody uses now, below those that the system hands out by itself."""
    while True:
        first = _random.randint(10_000, 32_000)
        ports = list(range(first, first + count))
        try:
            with ExitStack() as stack:
                for port in ports:
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            continue
        return ports


@dataclass
class Process:
    """A child process with its log."""

    popen: "subprocess.Popen[bytes]"
    log: Path

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends it and says its exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(how)
        return self.popen.wait(20)


def start(command: list[str], log: Path, environment: Mapping[str, str], url: str) -> Process:
    """Runs a command until `url` answers at all."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LEASEGRAPH_")}
    with log.open("ab") as output:
        popen = subprocess.Popen(command, stdout=output, stderr=output, env={**clean, **environment})
    give_up = time.monotonic() + START_SECONDS
    while True:
        if popen.poll() is not None or time.monotonic() > give_up:
            popen.kill()
            raise RuntimeError(f"{command} did not start:\n{log.read_text()[-3000:]}")
        try:
            httpx2.get(url, timeout=1, trust_env=False)
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return Process(popen, log)


class Sandbox:
    """A running back office and its switches."""

    def __init__(self, folder: Path, size: str = "tiny") -> None:
        self.port, self.smtp_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._size = size
        self._client = httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {API_KEY}"}, trust_env=False, timeout=30
        )
        self.process = self._start()

    def _start(self) -> Process:
        command = [
            sys.executable, "-m", "sandbox", "--port", str(self.port), "--smtp-port", str(self.smtp_port),
            "--data-dir", str(self._folder), "--size", self._size, "--seed", "20261122",
            "--today", "2026-11-22", "--api-key", API_KEY,
        ]  # fmt: skip
        return start(command, self._folder / "sandbox.log", {}, f"{self.url}/v1/health")

    def restart(self) -> None:
        """After `process.stop()`."""
        self.process = self._start()

    def close(self) -> None:
        """Stops it."""
        self._client.close()
        self.process.stop()

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """A call to the sandbox itself, not through the gateway."""
        answer = self._client.request(method, path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def page(self, collection: str, by: str, key: str, first: int = 100) -> list[dict[str, Any]]:
        """The items that the back office itself lists for a key."""
        question = {"by": by, "keys": [key], "filter": {}, "first": first}
        if collection in ("allocations", "schedules", "instalments", "balances", "quotes", "policies"):
            question["first"] = None
        items: list[dict[str, Any]] = self.ask("POST", f"/v1/{collection}/list", question)["results"][0][
            "items"
        ]
        return items

    @contextmanager
    def fault(self, path: str, **what: Any) -> Iterator[None]:
        """A fault on a path while the block runs."""
        self.ask("PUT", "/sandbox/faults", {"path": path, **what})
        try:
            yield
        finally:
            self.ask("DELETE", "/sandbox/faults")

    @contextmanager
    def calls(self) -> Iterator[list[dict[str, Any]]]:
        """The calls that arrive while the block runs, filled in at its end."""
        self.ask("DELETE", "/sandbox/calls")
        seen: list[dict[str, Any]] = []
        yield seen
        log = self.ask("GET", "/sandbox/calls")
        # The feed is followed at a pace of its own, whatever is asked for.
        seen += [call for call in log["calls"] if call["path"] != "/v1/changes"]

    def mails(self, to: str) -> list[dict[str, str]]:
        """The mailbox of an address, newest first."""
        found: list[dict[str, str]] = self._client.get("/mail.json", params={"to": to}).json()
        return found


class Gateway:
    """A running gateway. `settings` are environment variables without their prefix; None leaves one out."""

    def __init__(self, folder: Path, sandbox: Sandbox, **settings: Any) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.settings = {
            "PORT": self.port, "DATA_DIR": folder, "ERP_URL": sandbox.url, "ERP_API_KEY": API_KEY,
            "DOCUMENTS_URL": sandbox.url, "DOCUMENTS_API_KEY": API_KEY, "MAIL_ARCHIVE_URL": sandbox.url,
            "MAIL_ARCHIVE_API_KEY": API_KEY, "SMTP_URL": f"smtp://127.0.0.1:{sandbox.smtp_port}",
            "ERP_TIMEOUT": 2, "LOGIN_RATE_PER_MINUTE": 100000, "TOKEN_RATE_PER_MINUTE": 100000, **settings,
        }  # fmt: skip
        self.process = self._start()

    def close(self) -> None:
        """Stops it."""
        self.process.stop()

    def _environment(self) -> dict[str, str]:
        given = {name: value for name, value in self.settings.items() if value is not None}
        return {f"LEASEGRAPH_{name}": str(value) for name, value in given.items()}

    def _start(self) -> Process:
        command = [sys.executable, "-m", "gateway", "serve"]
        return start(command, self.folder / "gateway.log", self._environment(), f"{self.url}/healthz")

    def command(self, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """A command of the operator's with the gateway's settings, `given` on its standard input."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("LEASEGRAPH_")}
        return subprocess.run(
            [sys.executable, "-m", "gateway", *words],
            input=given, capture_output=True, text=True, timeout=120, check=False,
            env={**clean, **self._environment()},
        )  # fmt: skip

    def restart(self) -> None:
        """After `process.stop()`."""
        self.process = self._start()
