"""The audit: what is in it, and that nothing can be done to it unseen."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from auth.audit import ANCHOR, HEAD, STREAM, StreamAudit
from auth.audit_chain import START, Link
from auth.audit_trail import AuditTrail, Verdict
from auth.store import Store
from tests.auth.house import House

PEPPER = b"p" * 32
Entries = list[tuple[bytes, dict[Any, Any]]]


def log(redis: Redis, limit: int = 1000, pepper: bytes = PEPPER) -> StreamAudit:
    """One gateway's."""
    return StreamAudit(Store(redis), pepper, limit)


async def verify(redis: Redis, known: Link = START) -> Verdict:
    return await AuditTrail(Store(redis), PEPPER).verify(known)


async def found(redis: Redis, known: Link = START) -> list[tuple[str, int, int]]:
    return [(each.kind, each.first, each.last) for each in (await verify(redis, known)).problems]


@pytest.fixture
async def ten(redis: Redis) -> Entries:
    """A chain of ten entries."""
    audit = log(redis)
    for number in range(1, 11):
        await audit.record("login", account="a" * 32, result=f"try {number}")
        await asyncio.sleep(0.002)  # a millisecond of its own
    return await stored(redis)


async def stored(redis: Redis) -> Entries:
    entries: Any = await redis.xrange(STREAM)
    return list(entries)


async def rewrite(redis: Redis, entries: Entries) -> None:
    """As somebody with the store's password may: the stream made anew, ids and all."""
    await redis.delete(STREAM)
    for place, fields in entries:
        await redis.xadd(STREAM, fields, id=place)


async def test_an_unbroken_chain(redis: Redis, ten: Entries) -> None:
    verdict = await verify(redis)
    assert (verdict.entries, verdict.trimmed, verdict.problems) == (10, 0, [])
    assert verdict.head.number == 10
    time, number = ten[-1][0].decode().split("-")
    assert (int(time), int(number)) == (verdict.head.milliseconds, 10)
    seconds, microseconds = await redis.time()
    assert 0 <= seconds * 1000 + microseconds // 1000 - int(time) < 60_000


async def test_nothing_is_an_unbroken_chain_too(redis: Redis) -> None:
    verdict = await verify(redis)
    assert (verdict.entries, verdict.problems, verdict.head) == (0, [], START)


async def test_a_hundred_at_once_from_two_gateways(redis: Redis) -> None:
    """Each entry once, each after the other."""
    gateways = [log(redis), log(redis)]
    await asyncio.gather(
        *(gateways[number % 2].record("login", account="a" * 32, result=str(number)) for number in range(100))
    )
    verdict = await verify(redis)
    assert (verdict.entries, verdict.problems) == (100, [])
    assert {fields[b"result"] for _, fields in await stored(redis)} == {b"%d" % each for each in range(100)}


async def test_a_broken_store_is_written_on_and_stays_broken(redis: Redis, ten: Entries) -> None:
    await rewrite(redis, edited(ten, 3, result="logged in"))
    await log(redis).record("login", result="after")
    verdict = await verify(redis)
    assert [(each.kind, each.first) for each in verdict.problems] == [("changed", 4)]
    assert verdict.head.number == 11


async def test_who_has_no_pepper_can_not_write(redis: Redis) -> None:
    """A whole chain of one's own making is nobody's."""
    forger = log(redis, pepper=b"q" * 32)
    for _ in range(3):
        await forger.record("login", result="logged in")
    assert [kind for kind, _, _ in await found(redis)] == ["changed"] * 3


async def test_a_cut_end_shows_against_the_last_verification(redis: Redis, ten: Entries) -> None:
    """The store alone can't tell: its head was set back too. Who remembers where the chain stood can."""
    known = (await verify(redis)).head
    await rewrite(redis, ten[:7])
    last = ten[6]
    await redis.hset(HEAD, mapping={"entry": last[0], "mac": last[1][b"mac"]})
    assert await found(redis) == []
    assert await found(redis, known) == [("missing", 8, 10)]
    for _ in range(4):
        await log(redis).record("login", result="another history")
    assert await found(redis, known) == [("changed", 10, 10)]


async def test_a_head_set_back(redis: Redis, ten: Entries) -> None:
    await redis.hset(HEAD, mapping={"entry": ten[6][0], "mac": ten[6][1][b"mac"]})
    assert await found(redis) == [("head", 7, 7)]


async def test_a_trimmed_chain_still_verifies(redis: Redis) -> None:
    """What was let go is counted; the rest hangs on the anchor, for every gateway."""
    gateways = [log(redis, limit=200), log(redis, limit=200)]
    await asyncio.gather(*(gateways[each % 2].record("login", result=str(each)) for each in range(300)))
    verdict = await verify(redis)
    assert verdict.problems == []
    assert verdict.trimmed + verdict.entries == 300
    assert 200 <= verdict.entries <= 204
    kept = await stored(redis)
    await rewrite(redis, kept[1:])
    first = verdict.trimmed + 1
    assert await found(redis) == [("missing", first, first)], "a trimming of one's own is found"
    await rewrite(redis, kept)
    await redis.hset(ANCHOR, "entry", kept[3][0])
    assert [kind for kind, _, _ in await found(redis)] == ["anchor", "missing"]


async def test_a_broken_chain_is_not_trimmed(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    audit = log(redis, limit=100)
    for _ in range(100):
        await audit.record("login")
    await rewrite(redis, edited(await stored(redis), 0, result="x"))
    for _ in range(5):
        await audit.record("login")
    assert (await verify(redis)).entries == 105
    assert await found(redis) == [("changed", 1, 1)]
    assert "chain is broken" in caplog.text


async def test_what_is_shown(redis: Redis, house: House) -> None:
    """By login, time and event; the login itself is nowhere."""
    await house.activate("100200")
    await house.activate("300400")
    between = int((await stored(redis))[-1][0].split(b"-")[0]) + 1
    await asyncio.sleep(0.005)
    await (await house.log_in("100200")).post("/sessions", everywhere="1")
    trail = AuditTrail(Store(redis), PEPPER)

    async def events(**which: Any) -> list[str]:
        return [entry.fields["event"] async for entry in trail.entries(**which)]

    flow = ["first.start", "first.candidate", "first.pin"]
    assert await events(login="100200") == [*flow, "login", "session.end_all"]
    assert await events(login="300400") == flow
    assert await events(login="100200", event="first") == flow
    assert await events(event="first.pin") == ["first.pin", "first.pin"]
    assert await events(since=between) == ["login", "session.end_all"]
    assert await events(login="100201") == []
    assert b"100200" not in str(await stored(redis)).encode()


async def test_it_costs_one_call_an_entry(redis: Redis) -> None:
    audit = log(redis)
    await audit.record("login")
    await redis.config_resetstat()
    for _ in range(20):
        await audit.record("login")
    stats: dict[str, Any] = await redis.info("commandstats")
    assert stats["cmdstat_evalsha"]["calls"] == 20


def edited(entries: Entries, at: int, **fields: str) -> Entries:
    return [
        (place, {**held, **fields} if index == at else held) for index, (place, held) in enumerate(entries)
    ]


def moved(entries: Entries) -> Entries:
    """The third and the seventh change places."""
    held = [fields for _, fields in entries]
    held[2], held[6] = held[6], held[2]
    return [(place, fields) for (place, _), fields in zip(entries, held, strict=True)]


def invented(entries: Entries) -> Entries:
    """One more behind the fifth, made of the sixth."""
    place = entries[4][0] + b"0"  # number 50 of the same millisecond
    return [*entries[:5], (place, {**entries[5][1], b"result": b"invented"}), *entries[5:]]


TAMPERED: dict[str, tuple[Callable[[Entries], Entries], list[tuple[str, int, int]]]] = {
    "a field": (lambda chain: edited(chain, 3, result="logged in"), [("changed", 4, 4)]),
    "a field more": (lambda chain: edited(chain, 3, note="x"), [("changed", 4, 4)]),
    "a field and the MAC": (lambda chain: edited(chain, 3, result="x", mac="0" * 32), [("changed", 4, 4)]),
    "two neighbours": (
        lambda chain: edited(edited(chain, 3, result="x"), 4, result="x"),
        [("changed", 4, 4), ("changed", 5, 5)],
    ),
    "the first": (lambda chain: edited(chain, 0, result="x"), [("changed", 1, 1)]),
    "the last": (lambda chain: edited(chain, 9, result="x"), [("changed", 10, 10)]),
    "one missing": (lambda chain: chain[:5] + chain[6:], [("missing", 6, 6)]),
    "the first missing": (lambda chain: chain[3:], [("missing", 1, 3)]),
    "the last missing": (lambda chain: chain[:8], [("missing", 9, 10)]),
    "all missing": (lambda _: [], [("missing", 1, 10)]),
    "one changed, its neighbour missing": (
        lambda chain: edited(chain, 3, result="x")[:4] + chain[5:],
        [("changed", 4, 4), ("missing", 5, 5)],
    ),
    "exchanged": (moved, [("reordered", 7, 7), ("reordered", 3, 3)]),
    "copied": (
        lambda chain: [*chain, (b"9999999999999-11", chain[4][1])],
        [("reordered", 5, 5)],
    ),
    "invented": (invented, [("inserted", 0, 0)]),
}


@pytest.mark.parametrize("name", TAMPERED)
async def test_tampering_is_found_and_named(redis: Redis, ten: Entries, name: str) -> None:
    tamper, expected = TAMPERED[name]
    await rewrite(redis, tamper(ten))
    assert await found(redis) == expected
    await log(redis).record("login", result="after")  # the gateway goes on, and the break stays
    assert expected[0] in await found(redis)
