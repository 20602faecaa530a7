"""People of every named client, on a gateway where nobody else sets passwords."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.harness.person import Person, people
from tests.harness.processes import ENGINES, Gateway, Sandbox
from tests.harness.tools import Door, open_door


@pytest.fixture(scope="package")
def anybody(
    tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox
) -> Iterator[Callable[[str], Person]]:
    """People by client number, each logged in once."""
    gateway = Gateway(tmp_path_factory.mktemp("anybody"), backoffice, MAX_COST=10**7)
    with people(gateway, backoffice) as person:
        yield person
    gateway.close()


@pytest.fixture(scope="package", params=ENGINES)
async def door(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox
) -> AsyncIterator[Door]:
    """A gateway for bearers of tokens, by each engine: what they see and what is recorded is the same."""
    async with open_door(tmp_path_factory.mktemp("door"), backoffice, request.param) as opened:
        yield opened
