"""Two gateways over a back office that can be made to fail: as one runs it, and as unlike that as can be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.harness.between import Between, between
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010001"
WORKERS = {"compiled": 1, "graphql-core": 2}
"""By engine."""


@dataclass
class House:
    """A gateway, and its own way to the systems behind it."""

    gateway: Gateway
    systems: Between
    mail_server: Between
    office: Sandbox

    @property
    def processes(self) -> list[int]:
        """Ids of those that serve."""
        pid = self.gateway.process.popen.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        workers = [
            int(child) for child in children if "valkey" not in Path(f"/proc/{child}/comm").read_text()
        ]
        return workers or [pid]

    @property
    def log(self) -> list[dict[str, Any]]:
        """Its lines so far."""
        lines = (self.gateway.folder / "gateway.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A back office of their own."""
    running = Sandbox(tmp_path_factory.mktemp("faults-sandbox"))
    yield running
    running.close()


@pytest.fixture(scope="package", params=WORKERS)
def house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, office: Sandbox
) -> Iterator[House]:
    """Each request asks for itself, and the systems are given up soon."""
    with between(office.port) as systems, between(office.smtp_port, http=False) as mail_server:
        gateway = Gateway(
            tmp_path_factory.mktemp("faults"),
            office,
            ENGINE=request.param,
            WORKERS=WORKERS[request.param],
            SHARE_READS="no",
            **dict.fromkeys(("ERP_URL", "DOCUMENTS_URL", "MAIL_ARCHIVE_URL"), systems.url),
            **dict.fromkeys(("ERP_TIMEOUT", "DOCUMENTS_TIMEOUT", "MAIL_ARCHIVE_TIMEOUT"), 3),
            SMTP_URL=f"smtp://127.0.0.1:{mail_server.port}",
            ERP_CHANGES_SECONDS=0.1,
            RESEND_SECONDS=0,
        )
        yield House(gateway, systems, mail_server, office)
        assert gateway.process.stop() == 0, "the gateway did not stop cleanly"


@pytest.fixture(scope="package")
def person(house: House) -> Iterator[Person]:
    """Whose every request is a connection of its own, and so comes to the next worker."""
    with Person(house.gateway, house.office) as somebody:
        somebody.browser.headers["Connection"] = "close"
        somebody.enter(LOGIN)
        yield somebody
