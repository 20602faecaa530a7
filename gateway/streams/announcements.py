"""What gateways on one store tell each other: Redis pub/sub, heard by one connection a gateway."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from gateway.store_client import why

log = logging.getLogger("leasegraph.streams")

QUIET_SECONDS = 5.0
"""After so long without a word the connection is asked whether it lives; so long again, and it is lost."""
RETRY_SECONDS = 0.5


class Announcements:
    """Hears the channels. `heard` is called once it does, `lost` once it may have missed something."""

    def __init__(
        self,
        store: Redis,
        channels: Mapping[str, Callable[[bytes], None]],
        *,
        heard: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        self._store = store
        self._channels = {name.encode(): tell for name, tell in channels.items()}
        self._heard = heard
        self._lost = lost
        self._tried = asyncio.Event()

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """Hears while the block runs; it has begun to, or can't for now, when the block begins."""
        task = asyncio.create_task(self._hear_always())
        try:
            await self._tried.wait()
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _hear_always(self) -> None:
        failing = False
        while True:
            try:
                async with self._store.pubsub() as connection:
                    await self._begin(connection)
                    failing = False
                    self._heard()
                    self._tried.set()
                    await self._hear(connection)
            except (TimeoutError, RedisError, OSError) as error:
                if not failing:
                    log.warning("announcements can't be heard now", extra={"why": why(error)})
                failing = True
            except Exception:
                log.exception("announcements can't be heard")
            self._lost()
            self._tried.set()
            await asyncio.sleep(RETRY_SECONDS)

    async def _begin(self, connection: PubSub) -> None:
        """Once the store has confirmed every channel, nothing told on it is missed."""
        await connection.subscribe(*self._channels)
        for _ in self._channels:
            if await connection.get_message(timeout=QUIET_SECONDS) is None:
                raise TimeoutError("no answer to a subscription")

    async def _hear(self, connection: PubSub) -> None:
        asked = False
        while True:
            message = await connection.get_message(timeout=QUIET_SECONDS)
            if message is None:
                if asked:
                    raise TimeoutError("no answer to a ping")
                await connection.ping()
            elif message["type"] == "message":
                self._channels[message["channel"]](message["data"])
            elif message["type"] == "subscribe":
                raise ConnectionError("it was lost for a moment")
            asked = message is None
