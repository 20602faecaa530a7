"""A commit is acknowledged when it is on disk, and the default parameters are what the design says."""

import time
from typing import Any

import pytest
from redis.asyncio import Redis

from auth import AuthOptions
from auth.hashing import Passwords
from auth.store import Store
from tests.auth.house import ORIGIN, House, HouseMaker


async def test_commit_waits_for_the_disk(house: House) -> None:
    await house.command("CONFIG", "RESETSTAT")
    await house.activate()
    stats: dict[str, Any] = await house.redis.info("commandstats")
    assert stats["cmdstat_waitaof"]["calls"] == 1


async def test_a_commit_that_is_not_on_disk_in_time_is_not_acknowledged(
    redis: Redis, houses: HouseMaker
) -> None:
    house = houses(disk_seconds=0.01)
    browser = await house.at_pin()
    pin = await house.pin()
    await redis.config_set("appendfsync", "no")
    try:
        assert (await browser.post("/first-login", pin=pin)).status_code == 503
    finally:
        await redis.config_set("appendfsync", "always")
    answer = await browser.post("/first-login", pin=pin)  # on disk meanwhile, and committed once
    assert answer.headers["location"] == "/login?done=first"
    assert await house.epoch() == 1


async def test_without_an_append_only_file_it_warns_once(
    redis: Redis, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.config_set("appendonly", "no")
    try:
        await house.activate()
        await house.activate("300400")
    finally:
        await redis.config_set("appendonly", "yes")
    assert len([record for record in caplog.records if "confirmed on disk" in record.message]) == 1


async def test_a_client_that_decodes_works_too(valkey_port: int, house: House) -> None:
    async with Redis(host="127.0.0.1", port=valkey_port, decode_responses=True) as client:
        answer = await Store(client).run("rate", ["auth:rate:{x}"], 100, 1)
        assert answer == ["allowed"]
        answer = await Store(client).run("rate", ["auth:rate:{x}"], 100, 1)
        assert answer[0] == "limited"
    assert house.redis is not None


async def test_real_parameters() -> None:
    passwords = Passwords(AuthOptions(public_url=ORIGIN, leasing_company="X", pepper=b"p" * 32))
    stored = await passwords.hash("Zielony;Most7")
    assert stored.startswith("0$argon2id$v=19$m=47104,t=1,p=1$")
    assert await passwords.verify(stored, "Zielony;Most7")
    assert not passwords.outdated(stored)
    spent = []
    for known in (stored, ""):
        begun = time.thread_time()
        assert not await passwords.verify(known, "other")
        spent.append(time.thread_time() - begun)
    assert not await passwords.verify("7$argon2id$broken", "other")
    assert max(spent) < 1  # the work is done in another thread
    passwords.close()
