"""Relay connections over keyset pages.

A cursor is the position of an item: the values of the order columns, opaque to callers. It holds nothing
secret and gives no rights; whatever it says, the list is that of the parent, filtered by the policy.
"""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

import msgspec

from connectors.batch import Page
from connectors.erp.queries import Order, Slice
from connectors.errors import MalformedRecord
from connectors.record import Moment, Record
from resolvers.errors import InputError

DEFAULT_FIRST = 20
MAXIMUM_FIRST = 100

_AMOUNT = re.compile(r"-?\d{1,13}\.\d\d", re.ASCII)

Column: TypeAlias = type[date] | type[datetime] | type[Decimal] | type[str]

R = TypeVar("R", bound=Record)


class Keyset(Generic[R]):
    """The order of a list: a name, which keeps one list's cursors out of another's, and typed columns.

    `order` is what the back office is asked for where it isn't the list's own order; cursors name it.
    """

    def __init__(self, name: str, order: Order | None = None, /, **columns: Column) -> None:
        self._list = name
        self._name = name if order is None else f"{name} {order.by} {order.direction.value}"
        self._order = order
        self._columns = columns

    def slice(self, first: int | None, after: str | None) -> Slice:
        """The part asked for. Raises InputError for a bad `first` or `after`."""
        return Slice(checked_first(first), self._position(after) if after else None, self._order)

    def cursor(self, position: tuple[str, ...]) -> str:
        """The opaque form of a position."""
        return base64.urlsafe_b64encode(msgspec.json.encode([self._name, *position])).decode().rstrip("=")

    def position(self, record: R) -> tuple[str, ...]:
        """Where a record stands."""
        return tuple(_text(getattr(record, name)) for name in self._columns)

    def _position(self, cursor: str) -> tuple[str, ...] | None:
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
            name, *position = msgspec.json.decode(raw, type=list[str])
            if name != self._name and name.partition(" ")[0] == self._list:
                raise InputError("after", "is a cursor of another order; with another 'orderBy' begin anew")
            if name != self._name or len(position) not in (0, len(self._columns)):
                raise ValueError(name)
            for value, column in zip(position, self._columns.values(), strict=False):
                if column is Decimal and not _AMOUNT.fullmatch(value):
                    raise ValueError(value)
                msgspec.convert(value, Moment if column is datetime else column)
        except (ValueError, binascii.Error, msgspec.DecodeError) as error:
            raise InputError("after", "must be a cursor that this list gave") from error
        return tuple(position) or None


def _text(value: date | datetime | Decimal | str) -> str:
    """As the back office writes it; a moment always with six decimals, so that text sorts like time."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return str(value)


def checked_first(first: int | None) -> int:
    """How many items are asked for. Raises InputError outside 1–100."""
    if first is None:
        return DEFAULT_FIRST
    if not 1 <= first <= MAXIMUM_FIRST:
        raise InputError("first", f"must be from 1 to {MAXIMUM_FIRST}; it is {first}")
    return first


class PageInfo(msgspec.Struct, frozen=True):
    """Relay's page information."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Edge(msgspec.Struct, Generic[R], frozen=True):
    """An item and where it stands. A malformed item stands as its error."""

    cursor: str
    node: R | MalformedRecord | None


class Connection(Generic[R]):
    """A page of a list, seen as a Relay connection: `nodes` are its items, `count` asks for their number."""

    __slots__ = ("_keyset", "_page", "_part", "count", "nodes")

    def __init__(
        self,
        keyset: Keyset[R],
        part: Slice,
        page: Page[R | MalformedRecord],
        count: Callable[[], Awaitable[int]],
    ) -> None:
        self._keyset = keyset
        self._part = part
        self._page = page
        self.nodes: Sequence[R | MalformedRecord] = page.items
        self.count = count

    @property
    def edges(self) -> list[Edge[R]]:
        """The items with their cursors. A malformed one stands where the item before it does, or on top."""
        edges: list[Edge[R]] = []
        last = self._part.after or ()
        for item in self._page.items:
            last = last if isinstance(item, MalformedRecord) else self._keyset.position(item)
            edges.append(Edge(self._keyset.cursor(last), item))
        return edges

    @property
    def page_info(self) -> PageInfo:
        """The end cursor is the system's own, so that a malformed last item neither repeats nor blocks."""
        items, end = self._page.items, self._page.next
        if end is None and items and not isinstance(items[-1], MalformedRecord):
            end = self._keyset.position(items[-1])
        edges = self.edges[:1]
        return PageInfo(
            has_next_page=self._page.has_next,
            has_previous_page=self._part.after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=None if end is None else self._keyset.cursor(end),
        )
