"""A cached method of a system whose data change, over a real store in which time can pass at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis

from connectors.caching.asking import Asking
from connectors.caching.entry import MOMENT
from connectors.caching.reading import Ages, CachedReading
from connectors.errors import UpstreamError
from connectors.resilience import Guard
from gateway.cache.redis_store import RedisAnswers
from gateway.cache.sealing import Sealing

SECRET = b"a secret of thirty-two characters"
CLIENT = "0010001"
ROOM = 1 << 40


class Answers(RedisAnswers):
    """Counts what was read."""

    def __init__(self, client: Redis, most: int = ROOM) -> None:
        super().__init__(client, SECRET, most, timeout=60)
        self.reads = 0

    async def read(self, clients: Sequence[str], names: Sequence[str]) -> Any:
        held = await super().read(clients, names)
        self.reads += 1
        return held


class System:
    """Its one figure is `version`. While it is `held` it has read what it will answer, and waits."""

    def __init__(self) -> None:
        self.version = 0
        self.asked: list[list[str]] = []
        self.error: UpstreamError | None = None
        self.gates: list[asyncio.Event] = []
        self.held = False

    async def answer(self, keys: Sequence[str]) -> list[int]:
        self.asked.append(list(keys))
        if self.error is not None:
            raise self.error
        found = self.version
        if self.held:
            self.gates.append(asyncio.Event())
            await self.gates[-1].wait()
        return [found] * len(keys)


class House:
    """A gateway, as far as its cache is concerned."""

    def __init__(self, system: System, store: Redis, ages: Ages, most: int = ROOM) -> None:
        self.answers = Answers(store, most)
        self._guard = Guard("erp", timeout=600, connections=100)
        self._system = system
        self._reading = CachedReading(self.answers, "erp", "figures", self._ask, int, ages)
        self.last = Asking(frozenset())

    async def _ask(self, keys: Sequence[str]) -> list[int]:
        return await self._guard.call(lambda: self._system.answer(keys), repeatable=True, same=tuple(keys))

    @property
    def outcomes(self) -> dict[str, int]:
        """How keys were answered so far."""
        return {outcome: count for outcome, count in self._reading.outcomes.items() if count}

    async def ask(self, *keys: str, clients: frozenset[str] = frozenset({CLIENT})) -> list[Any]:
        self.last = Asking(clients)
        return list(await self._reading(self.last, keys))


SEALING = Sealing(SECRET)


async def pass_by(store: Redis, seconds: float) -> None:
    """Everything kept is so much older."""
    ms = round(seconds * 1000)
    for name in [name async for name in store.scan_iter("cache:erp:*")]:
        value, left = await store.get(name), await store.pttl(name)
        if left <= ms:
            await store.delete(name)
        elif isinstance(value, bytes) and (entry := SEALING.opened(name.decode(), value)):
            older = b"%013d" % (int(entry[:MOMENT]) - ms) + entry[MOMENT:]
            await store.set(name, SEALING.seal(name.decode(), older), px=left - ms)
