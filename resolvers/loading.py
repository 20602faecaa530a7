"""Loaders: one batch function per relation, named `<things>_by_<key>`.

The batch function takes all keys of a level at once and answers in their order. `load` is the way from a
single resolver to it: calls made in one turn of the event loop are joined into one batch.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from connectors.errors import MalformedRecord, UpstreamError
from connectors.record import Record
from resolvers import policy
from resolvers.operation import Operation

V = TypeVar("V")


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
        """One result for each key; what the asker may not see is None.

        Raises for all an UpstreamError, or MissingScope.
        """
        policy.check(op.asker, self.record)
        found = [policy.visible(op.asker, result) for result in await self._batch(op, keys, *arguments)]
        if op.readings is not None:
            op.readings.note(found)
        return found

    async def load(self, op: Operation, key: Hashable, *arguments: Hashable) -> V:
        """The result for one key. Raises the UpstreamError of its record or of its batch.

        Shielded: when graphql-core cancels a field because a sibling failed, the future that others
        wait for must live on.
        """
        future: asyncio.Future[V] = op.loader(self.batch, arguments).load(key)
        future.add_done_callback(_retrieve)
        return await asyncio.shield(future)

    def forget(self, op: Operation, key: Hashable, *arguments: Hashable) -> None:
        """Lets the result for a key be loaded anew, since the operation itself changed it."""
        op.loader(self.batch, arguments).clear(key)

    async def load_each(self, op: Operation, keys: Sequence[Hashable]) -> list[V | MalformedRecord]:
        """The results for some keys, in order. Raises the UpstreamError of the batch."""
        found = await asyncio.gather(*(self.load(op, key) for key in keys), return_exceptions=True)
        results: list[V | MalformedRecord] = []
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

    async def batch(op: Operation, keys: Sequence[Hashable], *arguments: Hashable) -> Any:
        return await method(op)(keys, *arguments)

    return Loader(batch, record)
