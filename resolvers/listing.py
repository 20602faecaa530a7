"""Lists that grow: a page, and how many there are in all when somebody asks."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from operator import attrgetter
from typing import Generic, TypeAlias, TypeVar

from connectors.batch import Page
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.record import Record
from resolvers.loading import Loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

R = TypeVar("R", bound=Record)
S = TypeVar("S")


class Listing(Generic[R]):
    """A relation to a list: its order, the loader of its pages, and the loader of its counts."""

    def __init__(
        self, keyset: Keyset[R], pages: Loader[Page[R | MalformedRecord]], counts: Loader[int]
    ) -> None:
        self._keyset = keyset
        self._pages = pages
        self._counts = counts

    def sorted(self, keyset: Keyset[R]) -> "Listing[R]":
        """The same list in another order."""
        return Listing(keyset, self._pages, self._counts)

    async def connect(
        self, op: Operation, key: Hashable, first: int | None, after: str | None, *where: Hashable
    ) -> Connection[R]:
        """The page asked for. Raises InputError for a bad `first` or `after`."""
        part = self._keyset.slice(first, after)
        page = await self._pages.load(op, key, *where, part)
        return self._connection(op, key, part, page, where)

    async def connect_each(
        self, op: Operation, keys: Sequence[Hashable], first: int | None, after: str | None, *where: Hashable
    ) -> list[Connection[R] | Exception | None]:
        """The same page of the list of each key, or its error. Raises InputError, and the batch's error."""
        part = self._keyset.slice(first, after)
        pages = await self._pages.many(op, keys, *where, part)
        return [
            page
            if isinstance(page, Exception) or page is None
            else self._connection(op, key, part, page, where)
            for key, page in zip(keys, pages, strict=True)
        ]

    def _connection(
        self,
        op: Operation,
        key: Hashable,
        part: Slice,
        page: Page[R | MalformedRecord],
        where: tuple[Hashable, ...],
    ) -> Connection[R]:
        return Connection(self._keyset, part, page, lambda: self._counts.load(op, key, *where))


Asked: TypeAlias = tuple[Listing[R], Hashable]
"""A listing in the order asked for, and the conditions of its items."""


class Listed(Generic[S, R]):
    """The list of a source, declared once for one source and for all sources of a level.

    `key` is the attribute that the source is known by; `asked` makes a listing of the conditions and the
    order. The conditions are checked before anything is asked for.
    """

    def __init__(self, key: str, asked: Callable[..., Asked[R]]) -> None:
        self.reads = (key,)
        self._key: Callable[[S], Hashable] = attrgetter(key)
        self._asked = asked

    async def __call__(
        self, op: Operation, source: S, where: object, first: int | None, after: str | None, *order: object
    ) -> Connection[R]:
        """The page of one source. Raises InputError for a bad argument."""
        listing, conditions = self._asked(where, *order)
        return await listing.connect(op, self._key(source), first, after, conditions)

    def each(
        self,
        op: Operation,
        sources: Sequence[S],
        where: object,
        first: int | None,
        after: str | None,
        *order: object,
    ) -> Awaitable[list[Connection[R] | Exception | None]]:
        """The page of each source, or its error. Raises InputError for a bad argument."""
        listing, conditions = self._asked(where, *order)
        keys = [self._key(source) for source in sources]
        return listing.connect_each(op, keys, first, after, conditions)
