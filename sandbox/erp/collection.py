"""How a collection of the ERP service is described: its keys, filters, order and fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from sandbox.erp import records
from sandbox.erp.rendering import (
    Piece,
    client_number,
    decimal,
    escaped,
    expression,
    structure,
    text,
)


class KeyKind(Enum):
    """What a key looks like, and thereby what it is in SQL."""

    ID = "id"
    CLIENT = "client number"
    TEXT = "text"


class FilterKind(Enum):
    """The values a filter takes."""

    CODES = "a list of codes"
    DAY = "a date YYYY-MM-DD"
    FLAG = "true or false"
    TEXT = "a text of 1 to 100 characters"
    MONEY = 'a decimal string with two places, like "123.00"'


@dataclass(frozen=True, slots=True)
class Key:
    """A way to read: `match` is the condition on `t` for the key `k.value`."""

    kind: KeyKind
    match: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on `t`; the value is bound under the filter's own name."""

    kind: FilterKind
    condition: str


@dataclass(frozen=True, slots=True)
class Order:
    """Keyset order: a leading column (a date, or a number or code), then perhaps the id.

    `is_client`: the column is a client's id, which stands in positions as its seven digits.
    """

    column: str
    descending: bool
    then_id: bool = True
    is_money: bool = False
    is_client: bool = False

    @property
    def sql(self) -> str:
        """The terms of ORDER BY."""
        way = " DESC" if self.descending else ""
        return f"t.{self.column}{way}, t.id{way}" if self.then_id else f"t.{self.column}{way}"

    @property
    def position(self) -> str:
        """Where a row stands, as a JSON array of texts."""
        first = f"t.{self.column}"
        shown = f"CAST({first} AS TEXT)"
        if self.is_money:
            shown = expression(decimal(first))
        elif self.is_client:
            shown = f"format('%07d', {first})"
        texts = [shown, *(["CAST(t.id AS TEXT)"] if self.then_id else [])]
        return f"json_array({', '.join(texts)})"

    @property
    def behind(self) -> str:
        """The condition that a row stands strictly behind `:after0`, `:after1`."""
        sign = "<" if self.descending else ">"
        if not self.then_id:
            return f"t.{self.column} {sign} :after0"
        return f"t.{self.column} {sign}= :after0 AND (t.{self.column} {sign} :after0 OR t.id {sign} :after1)"


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of the ERP service."""

    name: str
    record: type[records.Record]
    source: str
    fields: Mapping[str, Piece]
    get_by: Mapping[str, Key] = field(default_factory=dict)
    list_by: Mapping[str, Key] = field(default_factory=dict)
    order: Order | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Writing other fields than the record declares is a mistake to be found here, not on the wire."""
        declared = tuple(self.record.__struct_encode_fields__)
        if self.fields and tuple(self.fields) != declared:
            raise TypeError(f"{self.name}: {tuple(self.fields)} are not {declared}")

    @property
    def json(self) -> str:
        """The SQL expression for one record."""
        return expression(structure(**self.fields))


BY_ID = Key(KeyKind.ID, "t.id = k.value")


def row_of(number: str) -> str:
    """A number ends in its row's id (after eight characters, e.g. FV/2026/): no index on it is needed."""
    return f"CAST(substr({number}, 9) AS INTEGER)"


BY_NUMBER = Key(KeyKind.TEXT, f"t.id = {row_of('k.value')} AND t.number = k.value")
BY_CLIENT = Key(KeyKind.CLIENT, "t.client = k.value")
ALL = Key(KeyKind.TEXT, "k.value = '*'")
"""One list over every client."""
AS_OF = text(":as_of")
CLIENT = client_number("t.client")


def number_of(table: str, row: str) -> Piece:
    """The number of the contract or invoice in a column, which may be null."""
    return escaped(f"(SELECT n.number FROM {table} n WHERE n.id = {row})")


CONTRACT = number_of("contract", "t.contract")


def of_contract(number: str) -> str:
    """The condition that `t` is the contract's with that number, so that the index on `t.contract` serves."""
    return f"t.contract = (SELECT c.id FROM contract c WHERE c.id = {row_of(number)} AND c.number = {number})"


OF_CONTRACT = Key(KeyKind.TEXT, of_contract("k.value"))


def codes(column: str, parameter: str) -> Filter:
    """One of several codes."""
    return Filter(FilterKind.CODES, f"t.{column} IN (SELECT value FROM json_each(:{parameter}))")


def since(column: str, parameter: str) -> Filter:
    """From a day on, inclusive."""
    return Filter(FilterKind.DAY, f"t.{column} >= :{parameter}")


def until(column: str, parameter: str) -> Filter:
    """Up to a day, inclusive."""
    return Filter(FilterKind.DAY, f"t.{column} <= :{parameter}")


def of_asset(name: str, condition: str) -> Filter:
    """One of the contract's assets meets the condition."""
    value = f"a.value ->> '{name}'"
    asset = f"SELECT 1 FROM json_each(t.assets) a WHERE {condition.format(value)}"
    return Filter(FilterKind.TEXT, f"EXISTS ({asset})")


# Where an invoice stands on the ERP's day; the first that holds.
