"""Loaders: one batch function per relation, named `<things>_by_<key>`.

`many` takes all keys of a level at once and answers in their order; what an operation has loaded or is just
loading, it does not ask for twice. `load` is the way from a single resolver to it: calls made in one turn of
the event loop are joined into one batch.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from connectors.errors import MalformedRecord, UpstreamError, without_frames
from connectors.record import Record
from resolvers import policy
from resolvers.operation import Operation

V = TypeVar("V")

_OPEN = object()
"""The key of the batch that others may join: they add their keys to it."""


class _Loading:
    """Stands for the results of a batch that is on its way."""

    __slots__ = ("_ended", "_error", "_waiter", "keys")

    def __init__(self, keys: Sequence[Hashable]) -> None:
        self.keys = [*keys]
        self._ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def over(self) -> None:
        """Waits until it no longer is on its way. Raises its error."""
        if not self._ended:
            if self._waiter is None:
                self._waiter = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._waiter)
        if self._error is not None:
            raise self._error

    def end(self, error: BaseException | None) -> None:
        """It isn't any longer. A cancellation is no error of those who wait."""
        self._ended = True
        self._error = error if isinstance(error, Exception) else None
        if self._waiter is not None:
            self._waiter.set_result(None)


class Loader(Generic[V]):
    """A relation, answered in batches and filtered by the policy.

    `record` is what it loads or counts; None for what is no back-office record.
    """

    def __init__(
        self,
        batch: Callable[..., Awaitable[Sequence[V | UpstreamError | None]]],
        record: type[Record] | None = None,
    ) -> None:
        self.record = record
        self._batch = batch

    async def batch(
        self, op: Operation, keys: Sequence[Hashable], arguments: tuple[Hashable, ...] = ()
    ) -> list[V | UpstreamError | None]:
        """One result for each key, asked for anew; what the asker may not see is None.

        Raises for all an UpstreamError, or MissingScope.
        """
        policy.check(op.asker, self.record)
        try:
            answered = await self._batch(op, keys, *arguments)
        except UpstreamError as error:
            without_frames(error)
            raise
        found = policy.visible_each(op.asker, answered)
        if op.readings is not None:
            op.readings.note(found)
        return found

    async def many(
        self, op: Operation, keys: Sequence[Hashable], *arguments: Hashable
    ) -> list[V | UpstreamError | None]:
        """One result for each key. Raises for all an UpstreamError, or MissingScope.

        What the operation has not loaded yet is asked for in one batch, together with what others ask for in
        the same turn of the event loop. Where nobody else can ask there is nobody to tell what is on its way.
        """
        known = op.loaded(self, arguments)
        if keys and not known and op.is_sequential:
            asked = list(dict.fromkeys(keys))
            found = await self.batch(op, asked, arguments)
            known.update(zip(asked, found, strict=True))
            if len(asked) == len(keys):
                return found
        while True:
            missing = [key for key in dict.fromkeys(keys) if key not in known]
            if missing:
                await self._ask(op, known, missing, arguments)
            try:
                results = list(map(known.__getitem__, keys))
            except KeyError:  # forgotten, or its batch was cancelled
                continue
            if _Loading not in set(map(type, results)):
                return results
            for each in {result for result in results if result.__class__ is _Loading}:
                await each.over()

    async def _ask(
        self,
        op: Operation,
        known: dict[Hashable, Any],
        missing: Sequence[Hashable],
        arguments: tuple[Hashable, ...],
    ) -> None:
        """Adds the keys to the open batch, or begins one.

        Should whoever began it be cancelled, the others ask for their keys again. Where nobody can join, no
        turn is spent on waiting for them.
        """
        joined: _Loading | None = known.get(_OPEN)
        if joined is not None:
            joined.keys += missing
            known.update(dict.fromkeys(missing, joined))
            return
        loading = _Loading(missing)
        known.update(dict.fromkeys(missing, loading))
        try:
            if not op.is_sequential:
                known[_OPEN] = loading
                try:
                    await asyncio.sleep(0)
                finally:
                    del known[_OPEN]
            found = await self.batch(op, loading.keys, arguments)
            for key, result in zip(loading.keys, found, strict=True):
                if known.get(key) is loading:  # else it was forgotten meanwhile
                    known[key] = result
        except BaseException as error:
            for key in loading.keys:
                if known.get(key) is loading:
                    del known[key]
            loading.end(error)
            raise
        loading.end(None)

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
    record: type[Record],
    method: Callable[[Operation], Callable[..., Awaitable[Sequence[V | UpstreamError | None]]]],
) -> Loader[V]:
    """A relation to such records, or a count of them, that one method of a port answers: `method` picks it
    from the operation's back office."""

    def batch(op: Operation, keys: Sequence[Hashable], *arguments: Hashable) -> Any:
        return method(op)(keys, *arguments)

    return Loader(batch, record)
