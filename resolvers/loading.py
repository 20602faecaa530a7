"""Loaders: one batch function per relation, named `<things>_by_<key>`.

`many` takes all keys of a level at once and answers in their order; what an operation has loaded or is just
loading, it does not ask for twice. `load` is the way from a single resolver to it: calls made in one turn of
the event loop are joined into one batch.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from connectors.errors import MalformedRecord, UpstreamError
from resolvers import policy
from resolvers.operation import Operation

V = TypeVar("V")


class _Loading:
    """Stands for a result that is on its way; `done` says only that it no longer is."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Loader(Generic[V]):
    """A relation, answered in batches and filtered by the policy."""

    def __init__(self, batch: Callable[..., Awaitable[Sequence[V | UpstreamError | None]]]) -> None:
        self._batch = batch

    async def batch(
        self, op: Operation, keys: Sequence[Hashable], arguments: tuple[Hashable, ...] = ()
    ) -> list[V | UpstreamError | None]:
        """One result for each key, asked for anew; what the viewer may not see is None.

        Raises an UpstreamError for all.
        """
        return [policy.visible(op.viewer, result) for result in await self._batch(op, keys, *arguments)]

    async def many(
        self, op: Operation, keys: Sequence[Hashable], *arguments: Hashable
    ) -> list[V | UpstreamError | None]:
        """One result for each key, in one batch of those that the operation has not loaded yet.

        Raises an UpstreamError for all.
        """
        known = op.loaded(self, arguments)
        while True:
            missing = [key for key in dict.fromkeys(keys) if key not in known]
            if missing:
                found = await self._fetch(op, known, missing, arguments)
                if len(missing) == len(keys):
                    return found
            results = [known.get(key) for key in keys]
            loading = {result for result in results if result.__class__ is _Loading}
            if not loading and all(key in known for key in keys):
                return results
            for each in loading:
                await asyncio.shield(each.done)

    async def _fetch(
        self,
        op: Operation,
        known: dict[Hashable, Any],
        missing: Sequence[Hashable],
        arguments: tuple[Hashable, ...],
    ) -> list[V | UpstreamError | None]:
        """Should it be cancelled, others that wait for the same keys ask for them again."""
        loading = _Loading()
        known.update(dict.fromkeys(missing, loading))
        try:
            found = await self.batch(op, missing, arguments)
            known.update(zip(missing, found, strict=True))
        except BaseException as error:
            for key in missing:
                if known.get(key) is loading:
                    del known[key]
            if isinstance(error, Exception):
                loading.done.set_exception(error)
                loading.done.exception()  # an error that nobody else waits for is no news
            raise
        finally:
            if not loading.done.done():
                loading.done.set_result(None)
        return found

    async def load(self, op: Operation, key: Hashable, *arguments: Hashable) -> V:
        """The result for one key. Raises the UpstreamError of its record or of its batch.

        Shielded: when graphql-core cancels a field because a sibling failed, the future that others
        wait for must live on.
        """
        future: asyncio.Future[V] = op.loader(self.many, arguments).load(key)
        future.add_done_callback(_retrieve)
        return await asyncio.shield(future)

    def forget(self, op: Operation, key: Hashable, *arguments: Hashable) -> None:
        """Lets the result for a key be loaded anew, since the operation itself changed it."""
        op.loader(self.many, arguments).clear(key)
        op.loaded(self, arguments).pop(key, None)

    async def load_each(self, op: Operation, keys: Sequence[Hashable]) -> list[V | MalformedRecord]:
        """The results for some keys, in order. Raises an UpstreamError that is of more than a record."""
        found = await self.many(op, keys)
        results: list[Any] = []
        for result in found:
            if isinstance(result, BaseException) and not isinstance(result, MalformedRecord):
                raise result
            results.append(result)
        return results


def _retrieve(future: "asyncio.Future[Any]") -> None:
    """An error that nobody waits for any more is no news."""
    if not future.cancelled():
        future.exception()


def asking(
    method: Callable[[Operation], Callable[..., Awaitable[Sequence[V | UpstreamError | None]]]],
) -> Loader[V]:
    """A relation that one method of a port answers: `method` picks it from the operation's back office."""

    async def batch(op: Operation, keys: Sequence[Hashable], *arguments: Hashable) -> Any:
        return await method(op)(keys, *arguments)

    return Loader(batch)
