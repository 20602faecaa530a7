"""Completing the values of one field for all objects of a level, type by type.

A completer takes a column of values and answers with their part of the answer: a list, or, where something is
to be waited for first, an awaitable of that list. What lies deeper fills in the rows by itself, by way of the
awaitables that it adds to `pending`.
"""

from collections.abc import AsyncIterable, Awaitable, Iterable, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    Undefined,
)
from graphql.pyutils import is_awaitable, is_iterable
from graphql.pyutils.is_awaitable import is_async_iterable

from execution.concurrency import outcomes, settled
from execution.leaves import PLAIN, coerced, is_plain
from execution.places import Items, Place
from execution.run import Failure, Run

if TYPE_CHECKING:
    from execution.field import Field

Pending: TypeAlias = list[Awaitable[None]]
Done: TypeAlias = list[Any] | Awaitable[list[Any]]


_LISTS = frozenset({list, tuple})


class Completer(Protocol):
    """Completes columns of one type."""

    def __call__(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        """The column's part of the answer. `place` says where its values stand."""
        ...


def sifted(run: Run, values: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """The values with exceptions marked as failures, and the positions of those to wait for."""
    found, waiting = list(values), []
    for index, value in enumerate(found):
        if value is None or value.__class__ in PLAIN or value.__class__ is Failure:
            continue
        if value is Undefined:
            found[index] = None
        elif is_awaitable(value):
            waiting.append(index)
        elif isinstance(value, Exception):
            found[index] = run.fail(value)
        else:
            is_plain(value)
    return found, waiting


def plain(values: Sequence[Any]) -> bool:
    """Whether none of the values needs a look."""
    return PLAIN.issuperset(map(type, values))


class Base:
    """What completers have in common: waiting for a column, and nulls where none may be."""

    def __init__(self, field: "Field", non_null: bool) -> None:
        self._field = field
        self._non_null = non_null

    def __call__(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        """See Completer."""
        if plain(values):
            return self._complete(run, values, place, pending)
        found, waiting = sifted(run, values)
        if waiting:
            return self._after(run, found, waiting, place)
        return self._complete(run, found, place, pending)

    def _complete(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        raise NotImplementedError

    async def _after(self, run: Run, values: list[Any], waiting: list[int], place: Place) -> list[Any]:
        """Completes the column once its awaitables are there."""
        results = await outcomes([values[index] for index in waiting])
        for index, result in zip(waiting, results, strict=True):
            values[index] = result
        pending: Pending = []
        done = self(run, values, place, pending)
        if not isinstance(done, list):
            done = await done
        if pending:
            await settled(pending)
        return done


class LeafCompleter(Base):
    """Scalars and enums."""

    def __init__(self, field: "Field", non_null: bool, leaf: GraphQLLeafType) -> None:
        super().__init__(field, non_null)
        self._leaf = leaf

    def _complete(self, run: Run, values: Sequence[Any], _place: Place, _pending: Pending) -> Done:
        return [self.one(run, value) for value in values]

    def one(self, run: Run, value: Any) -> Any:
        """A value that is there already, or a mark."""
        if value.__class__ is Failure:
            return value
        if value is None or value is Undefined:
            run.failed = run.failed or self._non_null
            return None
        try:
            if isinstance(value, Exception):
                raise value
            return coerced(self._leaf, value)
        except Exception as error:
            return run.fail(error)


class ListCompleter(Base):
    """Lists: the items of all lists of the column are completed as one column."""

    def __init__(self, field: "Field", non_null: bool, item: Completer, item_non_null: bool) -> None:
        super().__init__(field, non_null)
        self._item = item
        self._item_non_null = item_non_null

    def __call__(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        """See Completer."""
        if _LISTS.issuperset(map(type, values)):
            items = [*values[0]] if len(values) == 1 else [*chain.from_iterable(values)]
            return self._delivered(run, items, [*map(len, values)], place, pending)
        return super().__call__(run, values, place, pending)

    def _complete(self, run: Run, values: Sequence[Any], place: Place, pending: Pending) -> Done:
        lists, waiting = list(values), []
        items: list[Any] = []
        sizes: list[Any] = []
        for index, value in enumerate(values):
            if value.__class__ is list or value.__class__ is tuple:
                items += value
                sizes.append(len(value))
                continue
            if value is not None and value.__class__ is not Failure:
                found = self._listed(run, value)
                if found.__class__ is list:
                    lists[index] = found
                    items += found
                    sizes.append(len(found))
                    continue
                if found.__class__ is Failure:
                    lists[index] = value = found
                else:
                    lists[index] = found
                    waiting.append(index)
                    continue
            elif value is None:
                run.failed = run.failed or self._non_null
            sizes.append(value)
        if waiting:
            return self._after(run, lists, waiting, place)
        return self._delivered(run, items, sizes, place, pending)

    def _delivered(
        self, run: Run, items: list[Any], sizes: list[Any], place: Place, pending: Pending
    ) -> list[Any]:
        """The lists of these sizes; a size that isn't a number stands for itself."""
        done = self._item(run, items, Items(place, sizes), pending)
        if isinstance(done, list):
            return _split(done, sizes)
        out: list[Any] = [[] if size.__class__ is int else size for size in sizes]
        pending.append(_fill_later(out, sizes, done))
        return out

    def _listed(self, run: Run, value: Any) -> Any:
        """The items of what is neither a list nor a tuple: a list, a failure, or an awaitable of one."""
        if is_async_iterable(value):
            return _collected(value, self._item_non_null)
        try:
            if not is_iterable(value):
                name = f"{self._field.parent.name}.{self._field.name}"
                raise GraphQLError(f"Expected Iterable, but did not find one for field '{name}'.")
            return _items(value)
        except Exception as error:
            return run.fail(error)


def _items(value: Iterable[Any]) -> list[Any]:
    return list(value)


async def _collected(value: AsyncIterable[Any], non_null: bool) -> list[Any]:
    """The items up to the end, or, where they are `non_null`, to the first that leaves nothing of the list.

    What has not ended by itself is closed.
    """
    stream = aiter(value)
    items: list[Any] = []
    ended = False
    try:
        async for item in stream:
            items.append(item)
            if non_null and (item is None or isinstance(item, Exception)):
                return items
        ended = True
        return items
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None and not ended:
            with suppress(Exception):
                await close()


def _split(items: list[Any], sizes: Sequence[Any]) -> list[Any]:
    """Lists of these sizes, made of the items; what isn't a size stays as it is."""
    if len(sizes) == 1 and sizes[0].__class__ is int:
        return [items]
    lists = []
    begin = 0
    for size in sizes:
        if size.__class__ is int:
            end = begin + size
            lists.append(items[begin:end])
            begin = end
        else:
            lists.append(size)
    return lists


async def _fill_later(lists: list[Any], sizes: Sequence[Any], items: Awaitable[list[Any]]) -> None:
    """Fills lists that are in the answer already."""
    for index, found in enumerate(_split(await items, sizes)):
        if sizes[index].__class__ is int:
            lists[index] += found
