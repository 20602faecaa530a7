"""A real Tryton with the worked cases in its books, and the connector to it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from connectors.erp.records.invoice import InvoiceKind
from connectors.erp.tryton import Choices, TrytonErp
from connectors.http import UpstreamClient
from tests.harness.tryton import Tryton, why_not

TIMEOUT = 30
CHOICES = Choices(kinds={"RATA": InvoiceKind.INSTALMENT, "OPLATA": InvoiceKind.SERVICE_FEE})


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """Running, and only read from."""
    if why := why_not():
        pytest.skip(why)
    running = Tryton(tmp_path_factory.mktemp("tryton"))
    yield running
    running.process.stop()


@pytest.fixture
async def erp(tryton: Tryton) -> AsyncIterator[TrytonErp]:
    http = UpstreamClient("books", tryton.url, api_key=tryton.key, timeout=TIMEOUT)
    yield TrytonErp(http, CHOICES)
    await http.close()
