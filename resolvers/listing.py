"""Lists that grow: a page, and how many there are in all when somebody asks."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from connectors.batch import Page
from connectors.errors import MalformedRecord
from connectors.record import Record
from resolvers.loading import Loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

R = TypeVar("R", bound=Record)


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
        return Connection(self._keyset, part, page, lambda: self._counts.load(op, key, *where))
