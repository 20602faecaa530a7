"""`leasegraph demo` as a newcomer starts it, on ports of its own."""

import sys
from pathlib import Path

from tests.harness.processes import free_ports, start


class Demo:
    """A gateway over a sandbox, with the addresses that its banner tells."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """Keeps its data in `folder`; `settings` are further environment variables."""
        (port, *_) = free_ports(3)
        self.url = f"http://localhost:{port}"
        self.erp_url = f"http://127.0.0.1:{port + 1}"
        self.mailbox_url = f"{self.erp_url}/mail"
        environment = {"LEASEGRAPH_PORT": str(port), "LEASEGRAPH_DATA_DIR": str(folder), **settings}
        command = [sys.executable, "-m", "gateway", "demo", "--size", "tiny"]
        self.process = start(command, folder / "demo.log", environment, f"{self.url}/healthz")
