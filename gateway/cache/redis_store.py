"""The cache's store. Its own clock counts, whatever the gateways' say.

What is kept of clients belongs to the generation of their data: a random name under the client's key, made by
whoever reads first. To empty is to delete that key. The next reader makes another, so that nothing which was
asked for before can be read again, also where it is stored only afterwards, and also where the store forgot,
was flushed, or evicted the key.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.caching.entry import MOMENT
from connectors.caching.store import Held
from gateway.cache.sealing import Sealing
from gateway.store_client import why

log = logging.getLogger(__name__)

REST: Final = 1.0
"""Seconds for which a store that failed isn't asked."""
LOOK: Final = 1.0
"""Seconds between two looks at how much the store holds."""
GENERATION_MS: Final = 2 * 86_400_000
"""Longer than any entry lives, or its end would only empty what is kept too early."""
EVERYBODY: Final = "*"
MOST_OWED: Final = 1000

_SCRIPTS = Path(__file__).parent

T = TypeVar("T")


class RedisAnswers:
    """See `connectors.caching.store.AnswerStore`.

    `secret` seals what is kept, and hides the numbers of clients in the names of keys. Nothing is kept while
    the store holds more than `most_bytes` in all: it may hold sessions too, and must not run full. `timeout`
    is the longest wait for it, in seconds.
    """

    def __init__(self, client: Redis, secret: bytes, most_bytes: int, timeout: float) -> None:
        self._client = client
        self._timeout = timeout
        self._secret = secret
        self._sealing = Sealing(secret)
        self._most_bytes = most_bytes
        self._read = client.register_script((_SCRIPTS / "read.lua").read_text("utf-8"))
        self._write = client.register_script((_SCRIPTS / "write.lua").read_text("utf-8"))
        self._owed: dict[str, object] = {}
        self._emptying = asyncio.Lock()
        self._away_until = self._look_at = 0.0
        self._away = self._full = False

    async def read(self, clients: Sequence[str], names: Sequence[str]) -> Held | None:
        if self._is_away() or (self._owed and not await self._settled()):
            return None
        keys = [self._generation(client) for client in (EVERYBODY, *clients)]
        given: list[Any] = [len(keys), secrets.token_hex(8), GENERATION_MS]
        answer: list[Any] | None = await self._tried(lambda: self._read(keys=[*keys, *names], args=given))
        if answer is None:
            return None
        now, generation, *kept = answer
        opened = self._sealing.opened
        values = [value and opened(name, value) for name, value in zip(names, kept, strict=True)]
        return Held(now, generation, values)

    async def write(self, entries: Mapping[str, bytes], until: int) -> None:
        if self._is_away() or await self._is_full():
            return
        sealed = (self._sealing.seal(name, entry) for name, entry in entries.items())
        given: list[Any] = [until, MOMENT, *sealed]
        await self._tried(lambda: self._write(keys=list(entries), args=given))

    async def empty(self, clients: Collection[str] | None) -> None:
        owed = {EVERYBODY} if clients is None or len(self._owed) > MOST_OWED else clients
        self._owed.update((client, object()) for client in owed)
        if self._owed:
            await self._settled()

    async def _settled(self) -> bool:
        """Whether everything is emptied that is to be."""
        async with self._emptying:
            due = dict(self._owed)
            if due:
                keys = [self._generation(client) for client in due]
                if await self._tried(lambda: self._client.unlink(*keys)) is None:
                    return False
                for client, mark in due.items():
                    if self._owed.get(client) is mark:  # else there was another change meanwhile
                        del self._owed[client]
        return not self._owed

    async def _is_full(self) -> bool:
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK
            told = await self._tried(lambda: self._client.info("memory"))
            full = told is None or told["used_memory"] > self._most_bytes
            if full and not self._full and told is not None:
                log.warning(
                    "the cache keeps nothing more: its store is full",
                    extra={"bytes": told["used_memory"], "most": self._most_bytes},
                )
            self._full = full
        return self._full

    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until

    async def _tried(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        try:
            async with asyncio.timeout(self._timeout):
                answer = await ask()
        except (TimeoutError, RedisError, OSError) as error:
            self._away_until = time.monotonic() + REST
            if not self._away:
                log.warning("the cache is away: systems are asked anew", extra={"why": why(error)})
            self._away = True
            return None
        if self._away:
            log.info("the cache is back")
        self._away = False
        return answer

    def _generation(self, client: str) -> str:
        return "cache:of:" + blake2b(client.encode(), key=self._secret, digest_size=16).hexdigest()
