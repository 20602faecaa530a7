"""Reading in batches: one SQL statement for all keys of a call, whatever their number.

Each statement gives one row a key with its whole JSON; a page is a correlated sub-query with its own LIMIT.
"""

import re
import sqlite3
from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal

import msgspec

from sandbox.clock import Clock
from sandbox.erp.collection import Collection, FilterKind, Key, KeyKind, Order
from sandbox.erp.instalments import InstalmentReader
from sandbox.erp.invoice_terms import add_functions
from sandbox.erp.page import EMPTY_PAGE, SEPARATOR, page, positioned_page
from sandbox.exchange import Answer, decode, invalid

MOST_KEYS: Final = 10_000
MOST_ITEMS: Final = 1_000
_CLIENT = re.compile(r"[0-9]{7}", re.ASCII)
_ID = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_MONEY = re.compile(r"-?\d{1,13}\.\d\d", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class GetQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a get."""

    by: str
    keys: list[str]


class CountQuery(GetQuery):
    """The body of a count."""

    filter: dict[str, Any] | None = None


class OrderQuery(msgspec.Struct, forbid_unknown_fields=True):
    """An order other than the collection's own."""

    by: str
    direction: Literal["ASC", "DESC"] = "DESC"


class ListQuery(CountQuery):
    """The body of a list."""

    first: int | None = None
    after: list[str] | None = None
    order: OrderQuery | None = None


_GET = msgspec.json.Decoder(GetQuery)
_COUNT = msgspec.json.Decoder(CountQuery)
_LIST = msgspec.json.Decoder(ListQuery)


def parsed(kind: KeyKind, key: str) -> int | str | None:
    """The key as SQL compares it, or `None` where nothing can have it."""
    if kind is KeyKind.TEXT:
        return key
    pattern = _ID if kind is KeyKind.ID else _CLIENT
    return int(key) if pattern.fullmatch(key) else None


def valid_day(value: object) -> bool:
    """Whether it is a day of the calendar in its only form."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


class Reader:
    """Answers get, list and count for every collection."""

    def __init__(self, database: sqlite3.Connection, clock: Clock) -> None:
        """Reads from `database` as of the clock's day."""
        add_functions(database)
        self._database = database
        self._clock = clock
        self._instalments = InstalmentReader(database, clock)

    def read_get(self, collection: Collection, body: bytes) -> Answer:
        """Records aligned to keys, null where there is none."""
        query = decode(_GET, body)
        key = _key(collection.get_by, query)
        found = self.records(collection, key, query.keys)
        return _aligned([found.get(key) or "null" for key in query.keys], query)

    def records(self, collection: Collection, key: Key, keys: list[str]) -> dict[str, str]:
        """The JSON of the records that exist, by key."""
        if collection.name == "instalments":
            wanted = {text: int(text) for text in keys if _ID.fullmatch(text)}
            return self._instalments.by_id(wanted)
        source = f"json_each(:keys) k CROSS JOIN {collection.source} t ON {key.match}"
        sql = f"SELECT k.key, {collection.json} FROM {source}"
        unique = list(dict.fromkeys(keys))
        return {unique[place]: record for place, record in self._rows(sql, key, unique, {})}

    def read_list(self, collection: Collection, body: bytes) -> Answer:
        """A page for each key."""
        query = decode(_LIST, body)
        key = _key(collection.list_by, query)
        order = _order(collection, query.order)
        conditions, values = _filters(collection, query.filter)
        if query.first is None and not key.whole:
            raise invalid("first", "must be given, 1 to 1000")
        if query.first is not None and not 1 <= query.first <= MOST_ITEMS:
            raise invalid("first", "must be 1 to 1000")
        after = _after(order, query.after)
        if collection.name == "instalments":
            wanted = {text: int(text) for text in query.keys if _ID.fullmatch(text)}
            pages = self._instalments.by_schedule(wanted, query.first, after)
        else:
            pages = self.pages(collection, key, query.keys, query.first, conditions, values, after, order)
        return _aligned([pages.get(text, EMPTY_PAGE) for text in query.keys], query)

    def pages(
        self,
        collection: Collection,
        key: Key,
        keys: list[str],
        first: int | None,
        conditions: list[str],
        values: dict[str, Any],
        after: list[Any] | None = None,
        order: Order | None = None,
    ) -> dict[str, str]:
        """The JSON of each key's page; a key without items may be missing."""
        order = order or _order(collection, None)
        if after is not None:
            conditions = [*conditions, order.behind]
            values = values | {f"after{place}": value for place, value in enumerate(after)}
        where = " AND ".join([key.match, *conditions])
        item = collection.json if first is None else f"{order.position} || char(31) || {collection.json}"
        sql = (
            f"SELECT k.key, (SELECT group_concat(r, char(30)) FROM (SELECT {item} AS r"
            f" FROM {collection.source} t WHERE {where} ORDER BY {order.sql} LIMIT :limit))"
            " FROM json_each(:keys) k"
        )
        limit = -1 if first is None else first + 1
        unique = list(dict.fromkeys(keys))
        rows = self._rows(sql, key, unique, values | {"limit": limit})
        return {
            unique[place]: page(records.split(SEPARATOR), None)
            if first is None
            else positioned_page(records, first)
            for place, records in rows
            if records is not None
        }

    def read_count(self, collection: Collection, body: bytes) -> Answer:
        """The number of items of each key."""
        query = decode(_COUNT, body)
        key = _key(collection.list_by, query)
        conditions, values = _filters(collection, query.filter)
        if collection.name == "instalments":
            counts = self._instalments.count({text: int(text) for text in query.keys if _ID.fullmatch(text)})
        else:
            where = " AND ".join([key.match, *conditions])
            number = f"SELECT count(*) FROM {collection.source} t WHERE {where}"
            sql = f"SELECT k.key, ({number}) FROM json_each(:keys) k"
            unique = list(dict.fromkeys(query.keys))
            counts = {unique[place]: number for place, number in self._rows(sql, key, unique, values)}
        return _aligned([str(counts.get(text, 0)) for text in query.keys], query)

    def _rows(self, sql: str, key: Key, keys: list[str], values: dict[str, Any]) -> list[tuple[int, Any]]:
        wanted = msgspec.json.encode([parsed(key.kind, text) for text in keys]).decode()
        values = values | {"keys": wanted, "as_of": self._clock.as_of, "today": self._clock.today}
        return self._database.execute(sql, values).fetchall()


def _aligned(results: list[str], query: GetQuery) -> Answer:
    return Answer(f'{{"results":[{",".join(results)}]}}'.encode(), by=query.by, keys=len(query.keys))


def _key(keys: Any, query: GetQuery) -> Key:
    key = keys.get(query.by)
    if key is None:
        raise invalid("by", f"must be one of: {', '.join(keys)}")
    if len(query.keys) > MOST_KEYS:
        raise invalid("keys", "must hold at most 10000")
    return key  # type: ignore[no-any-return]


def _filters(collection: Collection, given: dict[str, Any] | None) -> tuple[list[str], dict[str, Any]]:
    conditions, values = [], {}
    for name, value in (given or {}).items():
        known = collection.filters.get(name)
        if known is None:
            names = ", ".join(collection.filters) or "none"
            raise invalid(f"filter.{name}", f"is not a filter of {collection.name} (there is: {names})")
        if value is None:
            continue
        match known.kind:
            case FilterKind.CODES:
                right = isinstance(value, list) and all(isinstance(code, str) for code in value)
            case FilterKind.DAY:
                right = valid_day(value)
            case FilterKind.FLAG:
                right = isinstance(value, bool)
            case FilterKind.TEXT:
                right = isinstance(value, str) and 1 <= len(value) <= 100
            case FilterKind.MONEY:
                right = isinstance(value, str) and _MONEY.fullmatch(value) is not None
        if not right:
            raise invalid(f"filter.{name}", f"must be {known.kind.value}")
        conditions.append(known.condition)
        values[name] = _bound(known.kind, value)
    return conditions, values


def _bound(kind: FilterKind, value: Any) -> Any:
    """As SQL compares it."""
    if kind is FilterKind.CODES:
        return msgspec.json.encode(value).decode()
    return _cents(value) if kind is FilterKind.MONEY else value


def _cents(value: str) -> int:
    return int(value.replace(".", ""))


def _order(collection: Collection, given: OrderQuery | None) -> Order:
    if given is None:
        assert collection.order is not None  # noqa: S101 - every collection with a list has one
        return collection.order
    known = collection.orders.get(given.by)
    if known is None:
        names = ", ".join(collection.orders) or "none but its own"
        raise invalid("order.by", f"is not an order of {collection.name} (there is: {names})")
    return replace(known, descending=given.direction == "DESC")


def _after(order: Order, given: list[str] | None) -> list[Any] | None:
    if given is None:
        return None
    if len(given) != (2 if order.then_id else 1):
        raise invalid("after", f"must hold the values of the order columns: {order.sql.replace('t.', '')}")
    first: Any = given[0]
    if order.column in ("version", "number", "priority"):
        if not _ID.fullmatch(first):
            raise invalid("after[0]", "must be a number")
        first = int(first)
    elif order.is_client:
        if not _CLIENT.fullmatch(first):
            raise invalid("after[0]", "must be a client number")
        first = int(first)
    elif order.is_money:
        if not _MONEY.fullmatch(first):
            raise invalid("after[0]", "must be a decimal string with two places")
        first = _cents(first)
    elif order.column.endswith(("_on", "_date")) and not valid_day(first):
        raise invalid("after[0]", "must be a date YYYY-MM-DD")
    if not order.then_id:
        return [first]
    if not _ID.fullmatch(given[1]):
        raise invalid("after[1]", "must be an id")
    return [first, int(given[1])]
