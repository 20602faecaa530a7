"""What users did, in the state store: a hash of each user's marks of a kind, counts of what is limited."""

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
_DAY = 86_400  # seconds


class RedisUserState:
    """Keeps marks and counts in Redis or Valkey. The keys don't tell whose: logins are HMACs there."""

    def __init__(self, store: Redis, pepper: bytes) -> None:
        self._store = store
        self._secret = derive_key(pepper, "user state")

    async def marks(self, login: str, mark: Mark) -> Mapping[str, datetime]:
        try:
            found = await cast(
                "Awaitable[dict[bytes, bytes]]", self._store.hgetall(self._key(login, mark.value))
            )
        except (TimeoutError, RedisError, OSError) as error:
            raise UpstreamUnavailable(SYSTEM) from error
        return {key.decode(): _moment(value) for key, value in found.items()}

    async def set_mark(self, login: str, mark: Mark, key: str, at: datetime) -> datetime:
        name = self._key(login, mark.value)
        text = at.astimezone(UTC).isoformat(timespec="milliseconds")
        try:
            if await self._store.hsetnx(name, key, text):
                return at
            known = await cast("Awaitable[bytes | None]", self._store.hget(name, key))
        except (TimeoutError, RedisError, OSError) as error:
            raise UpstreamUnavailable(SYSTEM) from error
        return at if known is None else _moment(known)

    async def count_upload(self, login: str) -> int:
        return await self._count(self._key(login, "uploads"))

    async def count_invitation(self, login: str) -> int:
        return await self._count(self._key(login, "invitations"))

    async def _count(self, key: str) -> int:
        """One more of a day that began with the first."""
        try:
            async with self._store.pipeline(transaction=True) as both:
                both.incr(key)
                both.expire(key, _DAY, nx=True)
                count, _ = await both.execute()
        except (TimeoutError, RedisError, OSError) as error:
            raise UpstreamUnavailable(SYSTEM) from error
        return int(count)

    def _key(self, login: str, of: str) -> str:
        tag = hmac.digest(self._secret, login.encode(), "sha256").hex()[:32]
        return f"user:{{{tag}}}:{of}"


def _moment(value: bytes) -> datetime:
    return datetime.fromisoformat(value.decode())
