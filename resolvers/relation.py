"""Relations of a source to what a loader has, declared once for both ways of asking.

Called, a relation answers for one source, as graphql-core asks; `each` answers for all sources of a level, as
a compiled plan asks. Both go through the same loader, and so through the policy.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any, Generic, TypeVar

from resolvers.loading import Loader
from resolvers.operation import Operation

S = TypeVar("S")
R = TypeVar("R")
Q = TypeVar("Q")


_NONE = type(None)

items: Callable[[Any], Any] = attrgetter("items")
"""The items of a page."""


class Relation(Generic[S, R]):
    """What `loader` has under the key that a source names, made into an answer by `then`.

    It is None for a source without a key, and for what the loader does not find. `key` is an attribute, or a
    function of the attributes `reads`.
    """

    def __init__(
        self,
        loader: Loader[Any],
        key: str | Callable[[S], Hashable],
        then: Callable[[Any], R] | None = None,
        reads: Collection[str] | None = None,
    ) -> None:
        self._loader = loader
        self._key: Callable[[S], Hashable] = attrgetter(key) if isinstance(key, str) else key
        self._then = then
        self._reads = (key,) if isinstance(key, str) else reads

    @property
    def reads(self) -> Collection[str] | None:
        """The attributes that it reads of a source, if it reads nothing of records that may be there in part
        only; else None."""
        partial = self._loader.record is None or self._loader.record.always is not None
        return None if partial and self._then not in (None, items) else self._reads

    def then(self, further: Callable[[R], Q]) -> "Relation[S, Q]":
        """The same relation with its answer made into another."""
        first = self._then
        if first is None:
            return Relation(self._loader, self._key, further, self._reads)

        def both(found: Any) -> Q:
            return further(first(found))

        return Relation(self._loader, self._key, both, self._reads)

    async def __call__(self, op: Operation, source: S) -> R:
        """The answer for one source. Raises the UpstreamError of its record or of its batch."""
        key = self._key(source)
        return self._made(await self._loader.load(op, key) if key else None)

    async def each(self, op: Operation, sources: Sequence[S]) -> list[R | Exception]:
        """One answer or error for each source. Raises the UpstreamError of the batch."""
        keys = [self._key(source) for source in sources]
        asked = [key for key in keys if key]
        found: list[Any] = await self._loader.many(op, asked) if asked else []
        if len(asked) < len(keys):
            results = iter(found)
            found = [next(results) if key else None for key in keys]
        if self._then is None:
            return found
        if not any(kind is _NONE or issubclass(kind, Exception) for kind in set(map(type, found))):
            with suppress(Exception):
                return list(map(self._then, found))
        return [self._answer(result) for result in found]

    def _made(self, found: Any) -> R:
        made: R = found if found is None or self._then is None else self._then(found)
        return made

    def _answer(self, found: Any) -> R | Exception:
        if isinstance(found, Exception):
            return found
        try:
            return self._made(found)
        except Exception as error:
            return error
