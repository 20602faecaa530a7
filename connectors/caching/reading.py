"""One method of a port, answered from the cache as far as that is true enough, key by key."""

import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

from connectors import columns
from connectors.batch import Page
from connectors.caching.asking import Asking
from connectors.caching.entry import HEAD, age, sealed
from connectors.caching.store import AnswerStore, Held
from connectors.errors import UpstreamError, UpstreamTimeout, UpstreamUnavailable
from connectors.resilience.single_flight import generation

MOST_KEYS: Final = 1000
"""A larger batch is asked anew: it would keep the store from others."""
MOST_BYTES: Final = 262_144
"""A larger answer isn't kept."""

_encode = msgspec.msgpack.Encoder().encode
_NOTHING: Any = object()

HIT: Final = "hit"
MISS: Final = "miss"
"""The system was asked: nothing was kept, or it was too old."""
STALE: Final = "stale"
"""Older data stood in for the system, which failed."""
AWAY: Final = "away"
"""The cache's store didn't answer, so the system was asked."""

Ask = Callable[..., Awaitable[Sequence[Any]]]


class Ages(NamedTuple):
    """How old an answer may be, in seconds: ever, and where its system fails."""

    fresh: float
    stale: float

    def at_most(self, seconds: float) -> "Ages":
        """The same, but never older than that."""
        return Ages(min(self.fresh, seconds), min(self.stale, seconds))


class CachedReading:
    """`ask` is the method `name` of a system's port, `answer` the type of what it has for one key.

    `clock` is in seconds, from wherever.
    """

    def __init__(
        self,
        store: AnswerStore,
        system: str,
        name: str,
        ask: Ask,
        answer: Any,
        ages: Ages,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.system = system
        self.outcomes = dict.fromkeys((HIT, MISS, STALE, AWAY), 0)
        """How many keys were answered so; each counts once."""
        self._store = store
        self._ask = ask
        self._fresh, self._stale = (round(seconds * 1000) for seconds in ages)
        self._clock = clock
        self._decode = msgspec.msgpack.Decoder(answer).decode
        self._prefix = f"cache:{system}:{name}:"
        # Another release may read other fields: what it kept must not be found.
        shape = msgspec.json.encode(msgspec.json.schema(answer), order="deterministic")
        self._shape = blake2b(shape, digest_size=16).digest()

    async def __call__(self, asking: Asking, keys: Sequence[Any], *arguments: Hashable) -> Sequence[Any]:
        """What the method answers. Where the system fails, an error stands in the place of each key that
        nothing can stand in for; raises it where that is every key."""
        if len(keys) > MOST_KEYS:
            return await self._ask(keys, *arguments)
        names = self._names(asking, keys, arguments)
        held = await self._store.read(asking.clients, names)
        if held is None:
            self.outcomes[AWAY] += len(keys)
            return await self._ask(keys, *arguments)
        began = self._clock()
        ages = [age(value, held) for value in held.values]
        results = [
            self._opened(value) if passed is not None and passed < self._fresh else _NOTHING
            for value, passed in zip(held.values, ages, strict=True)
        ]
        missing = [index for index, result in enumerate(results) if result is _NOTHING]
        self.outcomes[HIT] += len(keys) - len(missing)
        if not missing:
            return results
        stale = 0
        under = generation.set(held.generation)
        try:
            with columns.whole():  # other operations read other columns of what is kept
                answers = await self._ask([keys[index] for index in missing], *arguments)
        except (UpstreamTimeout, UpstreamUnavailable) as error:
            waited = round((self._clock() - began) * 1000)
            for index in missing:
                results[index] = self._stand_in(asking, error, held, index, ages[index], waited)
            stale = sum(results[index] is not error for index in missing)
            if all(result is error for result in results):
                raise
            return results
        finally:
            generation.reset(under)
            self.outcomes[STALE] += stale
            self.outcomes[MISS] += len(missing) - stale
        kept = {}
        for index, answer in zip(missing, answers, strict=True):
            results[index] = answer
            if _is_whole(answer) and len(body := _encode(answer)) <= MOST_BYTES:
                kept[names[index]] = sealed(held, body)
        if kept:
            await self._store.write(kept, held.now + max(self._fresh, self._stale))
        return results

    def _stand_in(
        self, asking: Asking, error: UpstreamError, held: Held, index: int, passed: int | None, waited: int
    ) -> Any:
        if passed is None or passed + waited >= self._stale:
            return error
        result = self._opened(held.values[index])
        if result is _NOTHING:
            return error
        asking.stands_in(error, held.now - passed)
        return result

    def _names(self, asking: Asking, keys: Sequence[Any], arguments: tuple[Hashable, ...]) -> list[str]:
        """They tell who may read what is there, and the question, by a hash."""
        question = blake2b(_encode((asking.scope, arguments)), key=self._shape, digest_size=16)
        names = []
        for key in keys:
            each = question.copy()
            each.update(_encode(key))
            names.append(self._prefix + each.hexdigest())
        return names

    def _opened(self, value: bytes | None) -> Any:
        try:
            return _NOTHING if value is None else self._decode(value[HEAD:])
        except msgspec.DecodeError:
            return _NOTHING


def _is_whole(answer: Any) -> bool:
    """Whether all of it could be read: what couldn't is asked for again."""
    if isinstance(answer, Page):
        return not any(isinstance(item, UpstreamError) for item in answer.items)
    return not isinstance(answer, UpstreamError)
