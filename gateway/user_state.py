"""What users dismissed and read, in the state store: one hash for each user and kind of mark."""

import hmac
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from auth.keys import derive_key
from connectors.errors import UpstreamUnavailable
from resolvers.user_state import Mark

SYSTEM = "state"


class RedisUserState:
    """Keeps marks in Redis or Valkey. The keys don't tell whose they are: logins are HMACs there."""

    def __init__(self, store: Redis, pepper: bytes) -> None:
        self._store = store
        self._secret = derive_key(pepper, "user state")

    async def marks(self, login: str, mark: Mark) -> Mapping[str, datetime]:
        try:
            found = await cast("Awaitable[dict[bytes, bytes]]", self._store.hgetall(self._key(login, mark)))
        except (TimeoutError, RedisError, OSError) as error:
            raise UpstreamUnavailable(SYSTEM) from error
        return {key.decode(): _moment(value) for key, value in found.items()}

    async def set_mark(self, login: str, mark: Mark, key: str, at: datetime) -> datetime:
        name = self._key(login, mark)
        text = at.astimezone(UTC).isoformat(timespec="milliseconds")
        try:
            if await self._store.hsetnx(name, key, text):
                return at
            known = await cast("Awaitable[bytes | None]", self._store.hget(name, key))
        except (TimeoutError, RedisError, OSError) as error:
            raise UpstreamUnavailable(SYSTEM) from error
        return at if known is None else _moment(known)

    def _key(self, login: str, mark: Mark) -> str:
        tag = hmac.digest(self._secret, login.encode(), "sha256").hex()[:32]
        return f"user:{{{tag}}}:{mark.value}"


def _moment(value: bytes) -> datetime:
    return datetime.fromisoformat(value.decode())
