"""Connectors to the sandbox, whose switches are reset after each test; stores of documents."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from connectors.erp.rest import RestErp
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from tests.connectors.document_stores import Store, opened_bucket, opened_folder, opened_sandbox
from tests.harness.processes import API_KEY, Sandbox
from tests.harness.s3 import S3Server


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


@pytest.fixture(params=["folder", "rest", "s3"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, switched: Sandbox, s3_server: S3Server
) -> AsyncIterator[Store]:
    """A filled store of documents of each implementation."""
    opened = {
        "folder": lambda: opened_folder(tmp_path),
        "rest": lambda: opened_sandbox(switched),
        "s3": lambda: opened_bucket(s3_server),
    }
    async with opened[request.param]() as each:
        yield each
