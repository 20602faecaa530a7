"""The state store: Lua scripts by name, durable writes, and one error for all that can go wrong."""

import logging
import re
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError, ResponseError

from auth.errors import StoreUnavailable

logger = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "scripts"
_INCLUDE = re.compile(r"^--#include (\w+)$", re.MULTILINE)


def script_text(name: str) -> str:
    """One script with its included parts in place."""
    text = (SCRIPTS / f"{name}.lua").read_text("utf-8")
    return _INCLUDE.sub(lambda found: (SCRIPTS / f"{found[1]}.lua").read_text("utf-8"), text)


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def _text(value: object, errors: str = "strict") -> str:
    return value.decode(errors=errors) if isinstance(value, bytes) else str(value)


def _texts(held: Mapping[Any, Any]) -> dict[str, str]:
    """Somebody else may have written there: what is not UTF-8 is replaced."""
    return {_text(name, "replace"): _text(value, "replace") for name, value in held.items()}


def _list(answer: object) -> list[str]:
    """What a script answers."""
    return [value.decode() if type(value) is bytes else str(value) for value in cast("list[Any]", answer)]


class Lease(Protocol):
    """On keys of the store that were read."""

    def holds(self) -> bool:
        """False once one of them may have changed."""


@runtime_checkable
class LeasingClient(Protocol):
    """A client that the server tells of changes."""

    async def read_leased(self, keys: Sequence[str], *args: str | int) -> tuple[Any, Lease | None]:
        """The answer to a command, and a lease on the keys that it reads; None where there can't be one."""

    def end_leases(self, keys: Sequence[str]) -> None:
        """None that was had until now holds any more."""


class Store:
    """Runs the scripts of `auth/scripts` on Redis 7 / Valkey 7.2 or newer.

    Works with clients made with or without `decode_responses`. `replicas`: how many of the server's must have
    a durable write, since one of them may be the master next.
    """

    def __init__(self, client: Redis, *, replicas: int = 0) -> None:
        self._client = client
        self._leasing = client if isinstance(client, LeasingClient) else None
        self._replicas = replicas
        names = sorted(path.stem for path in SCRIPTS.glob("*.lua"))
        self._scripts = {name: client.register_script(script_text(name)) for name in names}
        self._warned = False

    async def run(self, name: str, keys: Sequence[str], *args: str | int) -> list[str]:
        """One atomic script; its answer as a list of strings. Raises StoreUnavailable."""
        return await self._run(name, keys, args, self._client)

    async def run_leased(
        self, name: str, keys: Sequence[str], *args: str | int, wanted: bool = True
    ) -> tuple[list[str], Lease | None]:
        """As `run`, with a lease on the keys; None where it isn't wanted, or can't be had."""
        if wanted and self._leasing is not None:
            command = ("EVALSHA", self._scripts[name].sha, len(keys), *keys, *args)
            try:
                answer, lease = await self._leasing.read_leased(keys, *command)
                return _list(answer), lease
            except NoScriptError:
                pass
            except (TimeoutError, RedisError, OSError) as error:
                raise self._failed(name, error) from error
        return await self.run(name, keys, *args), None

    async def run_durable(
        self, name: str, keys: Sequence[str], *args: str | int, when: frozenset[str], seconds: float
    ) -> list[str]:
        """As `run`; an answer that begins with a word of `when` is given only once it is on disk,
        and with the replicas.

        WAITAOF and WAIT speak of the writes of their own connection, hence the connection held here.
        """
        connection = cast("AbstractAsyncContextManager[Redis]", self._client.client())
        try:
            async with connection as held:
                answer = await self._run(name, keys, args, held)
                if answer[0] in when:
                    await self._wait_for_disk(held, seconds)
                    await self._wait_for_replicas(held, seconds)
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error
        return answer

    async def _run(
        self, name: str, keys: Sequence[str], args: Sequence[str | int], client: Redis
    ) -> list[str]:
        script = self._scripts[name]
        try:
            try:
                answer = await client.evalsha(script.sha, len(keys), *keys, *args)
            except NoScriptError:
                answer = await script(keys, args, client)  # it is loaded first
        except (TimeoutError, RedisError, OSError) as error:
            raise self._failed(name, error) from error
        self._end_leases(keys)
        return _list(answer)

    def _end_leases(self, keys: Sequence[str]) -> None:
        """The server tells whoever changes a key of that change after its answer, and elsewhere if the
        answer came by another connection.
        """
        if self._leasing is not None:
            self._leasing.end_leases(keys)

    def _failed(self, name: str, error: Exception) -> StoreUnavailable:
        if isinstance(error, ResponseError):
            logger.error("script %s failed: %s", name, error)
        return StoreUnavailable()

    async def _wait_for_disk(self, client: Redis, seconds: float) -> None:
        try:
            local, _ = await client.waitaof(1, 0, milliseconds(seconds))
        except ResponseError as error:
            # no WAITAOF (Redis before 7.2), or no append-only file to wait for
            if not self._warned:
                self._warned = True
                logger.warning("passwords are not confirmed on disk before they are acknowledged: %s", error)
            return
        if int(local) < 1:
            raise StoreUnavailable("not on disk in time")

    async def _wait_for_replicas(self, client: Redis, seconds: float) -> None:
        """In their memory: what they write to disk is their own business."""
        if self._replicas and await client.wait(self._replicas, milliseconds(seconds)) < self._replicas:
            raise StoreUnavailable("not with enough replicas in time")

    async def text(self, key: str) -> str:
        """A plain value; empty when there is none."""
        try:
            return _text(await self._client.get(key) or b"")
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error

    async def text_leased(self, key: str, *, wanted: bool = True) -> tuple[str, Lease | None]:
        """As `text`, with a lease on it; None where it isn't wanted, or can't be had."""
        if not wanted or self._leasing is None:
            return await self.text(key), None
        try:
            found, lease = await self._leasing.read_leased([key], "GET", key)
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error
        return _text(found or b""), lease

    async def mark(self, key: str, seconds: float) -> None:
        """Sets a key that lasts for a while and holds nothing."""
        try:
            await self._client.set(key, b"1", px=max(1, milliseconds(seconds)))
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error
        self._end_leases([key])

    async def publish(self, channel: str, text: str) -> None:
        """Tells whoever hears the channel now."""
        try:
            await self._client.publish(channel, text)
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error

    async def values(self, keys: Sequence[str], field: str) -> list[str | None]:
        """One field of each of some hashes, in one round trip. Raises StoreUnavailable."""
        pipeline = self._client.pipeline(transaction=False)  # hashes of accounts share no slot of a cluster
        for key in keys:
            pipeline.hget(key, field)
        try:
            found = await pipeline.execute()
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error
        return [None if value is None else _text(value) for value in found]

    async def remove(self, key: str) -> bool:
        """True when the key was there."""
        try:
            return bool(await self._client.delete(key))
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error

    async def fields(self, key: str) -> dict[str, str]:
        """All fields of a hash; none where there is no such key."""
        try:
            held = await cast("Awaitable[dict[Any, Any]]", self._client.hgetall(key))
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error
        return _texts(held)

    async def entries(self, stream: str, *, first: str = "-", count: int) -> list[tuple[str, dict[str, str]]]:
        """The stream's next `count` entries from an id on, or after `(id`."""
        try:
            found = cast("list[Any]", await self._client.xrange(stream, min=first, count=count))
        except (TimeoutError, RedisError, OSError) as error:
            raise StoreUnavailable from error
        return [(_text(place), _texts(held)) for place, held in found]
