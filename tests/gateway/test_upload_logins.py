"""A login that ends, or changes, while its upload comes: the file isn't taken."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from tests.harness.files import PDF
from tests.harness.tools import Door, session
from tests.harness.uploads import error, named

NUMBER = "0010004"
WHO = {"Cookie": "who=anna"}
CLIENT = '{ client(number: "0010004") { id } }'

Meanwhile = Callable[[Door], None]


@pytest.fixture(autouse=True)
def logged_in(door: Door) -> Iterator[None]:
    door.sessions["anna"] = session(NUMBER)
    yield
    door.sessions.clear()


def nothing(_: Door) -> None:
    """The login stays."""


def log_out(door: Door) -> None:
    del door.sessions["anna"]


def lose_the_role(door: Door) -> None:
    door.sessions["anna"] = session(NUMBER, "READ_ONLY")


def lose_the_client(door: Door) -> None:
    door.sessions["anna"] = replace(door.sessions["anna"], client_numbers=())


@pytest.mark.parametrize(
    ("meanwhile", "status"), [(nothing, 201), (log_out, 401), (lose_the_role, 401), (lose_the_client, 401)]
)
async def test_who_sends_is_asked_again_at_the_end(door: Door, meanwhile: Meanwhile, status: int) -> None:
    client = (await door.data(CLIENT, door.user(NUMBER, "portal")))["client"]["id"]
    parts = PDF[:50], PDF[50:]

    async def slowly() -> AsyncIterator[bytes]:
        yield parts[0]
        meanwhile(door)
        yield parts[1]

    answer = await door.http.post(
        "/uploads", params={"clientId": client}, content=slowly(), headers={**named("a.pdf"), **WHO}
    )
    assert answer.status_code == status, answer.text
    if status == 401:
        assert error(answer) == (401, "UNAUTHENTICATED", None)
