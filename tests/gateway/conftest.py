"""A gateway for the credential flow's tests."""

from collections.abc import Iterator

import pytest

from tests.harness.processes import Gateway, Sandbox


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    """A gateway that sends a new PIN at once, and logs all that it can."""
    running = Gateway(tmp_path_factory.mktemp("hasty"), backoffice, RESEND_SECONDS=0, LOG_LEVEL="DEBUG")
    yield running
    running.close()
