"""People of every named client, on a gateway where nobody else sets passwords."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox


@pytest.fixture(scope="package")
def anybody(
    tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox
) -> Iterator[Callable[[str], Person]]:
    """People by client number, each logged in once."""
    gateway = Gateway(tmp_path_factory.mktemp("anybody"), backoffice, MAX_VALUES=10**7)
    people: dict[str, Person] = {}

    def person(login: str) -> Person:
        if login not in people:
            people[login] = Person(gateway, backoffice)
            people[login].enter(login)
        return people[login]

    yield person
    for each in people.values():
        each.browser.close()
    gateway.close()
