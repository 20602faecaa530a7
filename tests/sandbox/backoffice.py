"""A sandbox of size tiny, started as a process of its own and spoken to over the wire."""

import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

KEY = "sandbox-test-key"
TODAY = "2026-11-22"
SEED = 20261122


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox and a client with its key."""

    http: httpx2.Client
    url: str
    port: int
    smtp_port: int

    def post(self, path: str, body: object) -> Any:
        """The JSON of an answer that has to be a success."""
        answer = self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def page(self, collection: str, by: str, key: str, **rest: object) -> list[dict[str, Any]]:
        """The items of one key's page."""
        body = {"by": by, "keys": [key], "first": 1000} | rest
        return list(self.post(f"/v1/{collection}/list", body)["results"][0]["items"])

    def invoice(self, key: str, by: str = "id") -> dict[str, Any]:
        """One invoice by id, or number."""
        found = self.post("/v1/invoices/get", {"by": by, "keys": [key]})["results"][0]
        return dict(found)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(folder: Path, port: int, smtp_port: int) -> subprocess.Popen[str]:
    """Start a sandbox and wait for the line that says it is ready."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "sandbox", "--port", str(port), "--smtp-port", str(smtp_port),
            "--data-dir", str(folder), "--size", "tiny", "--seed", str(SEED), "--today", TODAY, "--api-key",
            KEY,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert '"ready":true' in process.stdout.readline()
    return process


def stop(process: subprocess.Popen[str]) -> int:
    """Stop it; returns the exit code."""
    process.send_signal(signal.SIGTERM)
    code = process.wait(5)
    assert process.stdout is not None
    process.stdout.close()
    return code
