"""Connectors to the sandbox, whose switches are reset after each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from connectors.erp.rest import RestErp
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from tests.harness.processes import API_KEY, Sandbox


@pytest.fixture
def switched(backoffice: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, for tests that switch something on."""
    yield backoffice
    backoffice.ask("DELETE", "/sandbox/faults")


@pytest.fixture
async def http(switched: Sandbox) -> AsyncIterator[UpstreamClient]:
    """A client of the sandbox that waits two seconds."""
    client = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=2)
    yield client
    await client.close()


@pytest.fixture
def erp(http: UpstreamClient) -> RestErp:
    return RestErp(http)


@pytest.fixture
def archive(http: UpstreamClient) -> RestMailArchive:
    return RestMailArchive(http)
