"""What the store keeps of a user: marked once, each user's own, under keys that tell nobody who it is."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from connectors.errors import UpstreamUnavailable
from gateway.settings import Settings
from gateway.user_state import RedisUserState
from resolvers.user_state import Mark
from tests.harness.processes import free_ports
from tests.harness.stores import open_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
READ, DISMISSED = Mark.READ_NOTIFICATION, Mark.DISMISSED_PROMOTION


async def test_the_first_mark_stays(tmp_path: Path) -> None:
    async with open_store(Settings(data_dir=tmp_path)) as store:
        state = RedisUserState(store, b"p" * 32)
        later = NOW + timedelta(days=1)
        assert await state.marks("0010001", READ) == {}
        assert await state.set_mark("0010001", READ, "7", NOW) == NOW
        assert await state.set_mark("0010001", READ, "7", later) == NOW
        await state.set_mark("0010001", READ, "8", later)
        assert await state.marks("0010001", READ) == {"7": NOW, "8": later}
        assert await state.marks("0010001", DISMISSED) == {}
        assert await state.marks("0010002", READ) == {}
        (key,) = await store.keys("*")
        assert "0010001" not in str(key)
    async with open_store(Settings(data_dir=tmp_path)) as store:
        assert await RedisUserState(store, b"p" * 32).marks("0010001", READ) == {"7": NOW, "8": later}
        assert await RedisUserState(store, b"q" * 32).marks("0010001", READ) == {}


async def test_fifty_at_once_agree(tmp_path: Path) -> None:
    async with open_store(Settings(data_dir=tmp_path)) as store:
        state = RedisUserState(store, b"p" * 32)
        moments = [NOW + timedelta(seconds=second) for second in range(50)]
        told = await asyncio.gather(*(state.set_mark("1", READ, "7", moment) for moment in moments))
        assert set(told) == set((await state.marks("1", READ)).values())


async def test_a_store_that_is_gone_is_named() -> None:
    (port,) = free_ports(1)
    store = Redis(host="127.0.0.1", port=port, retry=Retry(NoBackoff(), 0))
    state = RedisUserState(store, b"p" * 32)
    for call in (state.marks("1", READ), state.set_mark("1", READ, "7", NOW)):
        with pytest.raises(UpstreamUnavailable) as gone:
            await call
        assert gone.value.system == "state"
    await store.aclose()
