"""`leasegraph demo` as a newcomer starts it, on ports of its own."""

import random
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.harness.processes import start


def three_ports() -> int:
    """A port that is free together with the next two."""
    while True:
        first = random.randint(20_000, 32_000)  # below the ports that the system hands out by itself
        try:
            with ExitStack() as stack:
                for port in range(first, first + 3):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


class Demo:
    """A gateway over a sandbox, with the addresses that its banner tells."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """Keeps its data in `folder`; `settings` are further environment variables."""
        port = three_ports()
        self.url = f"http://localhost:{port}"
        self.erp_url = f"http://127.0.0.1:{port + 1}"
        self.mailbox_url = f"{self.erp_url}/mail"
        environment = {"LEASEGRAPH_PORT": str(port), "LEASEGRAPH_DATA_DIR": str(folder), **settings}
        command = [sys.executable, "-m", "gateway", "demo", "--size", "tiny"]
        self.process = start(command, folder / "demo.log", environment, f"{self.url}/healthz")
