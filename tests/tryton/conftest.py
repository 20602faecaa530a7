"""A real Tryton with the worked cases in its books, and the connector to it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from connectors.erp.records.invoice import InvoiceKind
from connectors.erp.tryton import Choices, TrytonErp
from connectors.http import UpstreamClient
from tests.harness.processes import API_KEY, Gateway, Sandbox
from tests.harness.tryton import Tryton, why_not

TIMEOUT = 30
SETTINGS = """
[systems.lease]
kind = "rest"
url = "{lease}"
api_key = "{key}"

[systems.books]
kind = "tryton"
url = "{tryton}"
api_key = "{tryton_key}"
timeout = 20
invoice_kinds = ["RATA=INSTALMENT", "OPLATA=SERVICE_FEE"]

[sources]
clients = "lease"
users = "lease"
contracts = "lease"
requests = "lease"
promotions = "lease"
notifications = "lease"
books = "books"
"""
"""The sandbox is the lease system, Tryton keeps the books."""
CHOICES = Choices(kinds={"RATA": InvoiceKind.INSTALMENT, "OPLATA": InvoiceKind.SERVICE_FEE})


def gateway_over(folder: Path, lease: Sandbox, books: Tryton) -> Gateway:
    """A gateway with contracts from one and invoices from the other."""
    config = folder / "leasegraph.toml"
    config.write_text(SETTINGS.format(lease=lease.url, key=API_KEY, tryton=books.url, tryton_key=books.key))
    return Gateway(folder, lease, CONFIG=config, REQUEST_TIMEOUT=30, ERP_CHANGES_SECONDS=0.2)


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """Running, and only read from."""
    if why := why_not():
        pytest.skip(why)
    running = Tryton(tmp_path_factory.mktemp("tryton"))
    yield running
    running.close()


@pytest.fixture
async def erp(tryton: Tryton) -> AsyncIterator[TrytonErp]:
    http = UpstreamClient("books", tryton.url, api_key=tryton.key, timeout=TIMEOUT)
    yield TrytonErp(http, CHOICES)
    await http.close()
