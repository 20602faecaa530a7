"""The embedded store between a gateway and commands: they come, go and die in any order, and lose nothing."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.setting import SettingsError
from gateway.settings import Settings
from gateway.state import join_store
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.stores import open_store

USER = """
import asyncio, sys
from pathlib import Path
from gateway.settings import Settings
from tests.harness.stores import open_store

async def use():
    async with open_store(Settings(data_dir=Path(sys.argv[1]))) as store:
        await store.set("written", "just now")
        print("written", flush=True)
        await asyncio.sleep(60)

asyncio.run(use())
"""


def alone(folder: Path) -> Settings:
    """Settings of a folder in which a gateway has run."""
    (folder / "state").mkdir(parents=True)
    return Settings(data_dir=folder)


def ended(folder: Path) -> bool:
    return not (folder / "state" / "valkey.sock").exists()


async def server(store: Redis) -> int:
    return int((await store.info("server"))["process_id"])


@contextmanager
def another_gateway(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that has opened the store and written; it dies with the block."""
    with subprocess.Popen([sys.executable, "-c", USER, str(folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        yield process
        process.kill()


async def test_a_command_without_a_gateway(tmp_path: Path) -> None:
    settings = alone(tmp_path)
    async with join_store(settings) as store:
        await store.set("kept", "yes")
    assert ended(tmp_path)
    async with open_store(settings) as store:
        assert await store.get("kept") == b"yes"


async def test_a_command_where_no_gateway_ran(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="holds no gateway's data"):
        async with join_store(Settings(data_dir=tmp_path / "elsewhere")):
            pass
    assert not (tmp_path / "elsewhere").exists()


async def test_a_command_beside_a_running_gateway(hasty: Gateway, backoffice: Sandbox) -> None:
    """It reaches the same server, and the gateway goes on when it has left."""
    with Person(hasty, backoffice) as person:
        person.enter("0010012")
        async with join_store(Settings(data_dir=hasty.folder)) as store:
            assert await store.exists("audit")
        assert person.data("{ viewer { user { login } } }")["viewer"]["user"]["login"] == "0010012"


async def test_a_gateway_starts_and_stops_while_a_command_runs(tmp_path: Path) -> None:
    settings = alone(tmp_path)
    async with join_store(settings) as command:
        async with open_store(settings) as gateway:
            await command.set("by", "the command")
            assert await gateway.get("by") == b"the command"
            with pytest.raises(SettingsError, match="another gateway uses"):
                async with open_store(settings):
                    pass
        assert await command.get("by") == b"the command", "it outlives the gateway"
    assert ended(tmp_path)


async def test_a_command_leaves_before_the_gateway_that_joined_it(tmp_path: Path) -> None:
    settings = alone(tmp_path)
    command = join_store(settings)
    store = await command.__aenter__()
    async with open_store(settings) as gateway:
        former = await server(store)
        await command.__aexit__(None, None, None)
        assert await server(gateway) == former
    assert ended(tmp_path)


async def test_many_come_and_go_at_once(tmp_path: Path) -> None:
    settings = alone(tmp_path)

    async def use(number: int) -> None:
        async with (open_store if number == 7 else join_store)(settings) as store:
            for _ in range(number % 4):
                await store.incr("used")
                await asyncio.sleep(0.005 * (number % 3))

    await asyncio.gather(*(use(number) for number in range(24)))
    assert ended(tmp_path)
    async with join_store(settings) as store:
        assert await store.get("used") == str(sum(number % 4 for number in range(24))).encode()


async def test_the_leftover_of_a_killed_gateway_is_ended_whole(tmp_path: Path) -> None:
    """It is told to write everything before a new one starts."""
    with another_gateway(tmp_path):
        pass
    socket = tmp_path / "state" / "valkey.sock"
    async with Redis(unix_socket_path=str(socket)) as store:
        leftover = await server(store)
    async with open_store(Settings(data_dir=tmp_path)) as store:
        assert await store.get("written") == b"just now"
        assert await server(store) != leftover
    assert ended(tmp_path)
    assert "User requested shutdown" in (tmp_path / "state" / "valkey.log").read_text()


async def test_a_command_keeps_the_server_of_a_gateway_that_is_killed(tmp_path: Path) -> None:
    with another_gateway(tmp_path) as gateway:
        async with join_store(Settings(data_dir=tmp_path)) as store:
            gateway.kill()
            gateway.wait(10)
            async with open_store(Settings(data_dir=tmp_path)) as next_gateway:
                assert await server(next_gateway) == await server(store)
    assert ended(tmp_path)


async def test_a_server_that_died_is_started_again(tmp_path: Path) -> None:
    """By whoever has it in use, and by whoever comes first."""
    settings = alone(tmp_path)
    async with join_store(settings) as store:
        former = await server(store)
        await store.set("kept", "yes")
        await store.waitaof(1, 0, 10_000)
        os.kill(former, signal.SIGKILL)
        async with asyncio.timeout(20):
            while True:
                with suppress(RedisError):
                    if await server(store) != former:
                        break
                await asyncio.sleep(0.01)
        assert await store.get("kept") == b"yes"
        os.kill(await server(store), signal.SIGKILL)
        async with join_store(settings) as another:
            assert await another.get("kept") == b"yes"
    assert ended(tmp_path)


async def test_a_server_that_can_not_start_is_named(tmp_path: Path) -> None:
    settings = alone(tmp_path)
    (tmp_path / "state" / "appendonlydir").write_text("in its way")
    with pytest.raises(SettingsError, match="has ended"):
        await join_store(settings).__aenter__()
