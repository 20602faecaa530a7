"""One back office and one gateway for all tests of the public door."""

import signal
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.harness.parts import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.harness.parts import pytest_xdist_make_scheduler as pytest_xdist_make_scheduler
from tests.harness.person import Person, people
from tests.harness.processes import GENEROUS, Gateway, Sandbox
from tests.harness.s3 import S3Server
from tests.harness.tools import Door, open_door


@pytest.fixture(scope="session", autouse=True)
def signals_reach_children() -> None:
    """Signals that are ignored here (under nohup, or behind `&`) would be ignored by what tests start."""
    for each in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_IGN:
            signal.signal(each, signal.default_int_handler)


@pytest.fixture(scope="session")
def backoffice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox with the named clients."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server with an empty bucket."""
    server = S3Server(tmp_path_factory.mktemp("s3"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    """A gateway over it, with a store of its own, and room for what tests generate."""
    running = Gateway(tmp_path_factory.mktemp("gateway"), backoffice, **GENEROUS)
    yield running
    assert running.process.stop() == 0, "the gateway did not stop cleanly"


@pytest.fixture(scope="session")
def small_gateway(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    """A gateway with the limits that it has by default."""
    running = Gateway(tmp_path_factory.mktemp("small"), backoffice)
    yield running
    running.process.stop()


@pytest.fixture(scope="session")
def logged_in(gateway: Gateway, backoffice: Sandbox) -> Iterator[Callable[[str], Person]]:
    """People by client number, each logged in once."""
    with people(gateway, backoffice) as person:
        yield person


@pytest.fixture(scope="session")
async def door(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> AsyncIterator[Door]:
    """A gateway for bearers of tokens."""
    async with open_door(tmp_path_factory.mktemp("door"), backoffice) as opened:
        yield opened
