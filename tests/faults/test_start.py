"""A gateway that is started while nothing behind it is there, or safe to speak to: it starts, and says so."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.between import between
from tests.harness.mail_servers import certify
from tests.harness.person import Person
from tests.harness.processes import API_KEY, Gateway, Sandbox

LOGIN = "0010001"
NOWHERE = "no-such-host.invalid"
QUERY = """{ viewer { user { login } clients { nodes { number balances { currency }
  contracts(first: 1) { nodes { number } } correspondence(first: 1) { nodes { subject } }
  documents(first: 1) { nodes { title } } } } } }"""
BROKEN = {"balances": "ledger", "contracts": "lease", "documents": "documents"}
"""By field."""
SAID = {"ledger": "CERTIFICATE_VERIFY_FAILED", "lease": NOWHERE, "documents": "not-mounted"}
"""What the log says of each, so that an operator knows what to mend."""
SYSTEMS = f"""
[systems.crm]
kind = "rest"
url = "%s"
api_key = "{API_KEY}"

[systems.ledger]
kind = "rest"
url = "https://127.0.0.1:%s"

[systems.lease]
kind = "rest"
url = "http://{NOWHERE}"

[sources]
clients = "crm"
users = "crm"
requests = "crm"
promotions = "crm"
notifications = "crm"
books = "ledger"
contracts = "lease"
"""


@contextmanager
def own_certificate(folder: Path) -> Iterator[int]:
    """The port of a server with a certificate that no known authority has signed."""
    context = certify(folder).server_context()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(10)
                    try:
                        context.wrap_socket(connection, server_side=True).close()
                    except (ssl.SSLError, OSError):
                        continue

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def ready(gateway: Gateway) -> Any:
    return httpx2.get(f"{gateway.url}/readyz", trust_env=False, timeout=30).json()


def test_it_starts_without_its_systems_and_finds_those_that_come(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office = Sandbox(tmp_path_factory.mktemp("office"))
    config = tmp_path / "leasegraph.toml"
    with own_certificate(tmp_path) as ledger, between(office.port) as crm:
        config.write_text(SYSTEMS % (crm.url, ledger))
        with crm.away():
            gateway = Gateway(
                tmp_path,
                office,
                CONFIG=config,
                MAIL_ARCHIVE_URL=crm.url,
                DOCUMENTS_URL=(tmp_path / "not-mounted").as_uri(),
            )
            told = ready(gateway)
            assert told["status"] == "degraded"
            names = ("crm", "ledger", "lease", "mail", "documents")
            assert {told["systems"][name] for name in names} == {"UPSTREAM_UNAVAILABLE"}
        try:
            give_up = time.monotonic() + 30
            while (told := ready(gateway))["systems"]["crm"] != "ok" or told["circuits"]["crm"] != "closed":
                assert time.monotonic() < give_up
                time.sleep(0.1)
            with Person(gateway, office) as person:
                person.enter(LOGIN)
                answer = person.ask(QUERY)
            (client,) = answer["data"]["viewer"]["clients"]["nodes"]
            assert client.pop("correspondence")["nodes"]
            assert client == {"number": LOGIN, **dict.fromkeys(BROKEN)}
            told = {each["path"][-1]: each["extensions"] for each in answer["errors"]}
            assert {field: each["upstream"] for field, each in told.items()} == BROKEN
            assert {each["code"] for each in told.values()} <= {
                "UPSTREAM_UNAVAILABLE", "UPSTREAM_CIRCUIT_OPEN",
            }  # fmt: skip
            log = (tmp_path / "gateway.log").read_text().splitlines()
            lines = [json.loads(line) for line in log if '"upstream"' in line]
            for name, said in SAID.items():
                assert any(said in line.get("why", "") for line in lines if line["upstream"] == name), name
        finally:
            gateway.close()
            office.close()
