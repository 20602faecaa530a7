"""A back office whose data change, a gateway over it, and people with streams."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A back office of their own."""
    running = Sandbox(tmp_path_factory.mktemp("streams-sandbox"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, office: Sandbox) -> Iterator[Gateway]:
    """A gateway that looks at nobody's session by itself: only what is announced ends a stream there."""
    running = Gateway(
        tmp_path_factory.mktemp("streams"),
        office,
        ERP_CHANGES_SECONDS=0.05,
        STREAM_CHECK_SECONDS=3600,
        MAX_STREAMS=4,
        MAX_STREAM_OPERATIONS=3,
        LOG_LEVEL="DEBUG",
    )
    yield running
    assert running.process.stop() == 0, "the gateway did not stop cleanly"


@pytest.fixture
def enter(house: Gateway, office: Sandbox) -> Iterator[Callable[[str], Person]]:
    """Starts a session of a client's user."""
    people: list[Person] = []

    def person(login: str) -> Person:
        people.append(Person(house, office))
        people[-1].enter(login)
        return people[-1]

    yield person
    for each in people:
        each.browser.close()
