"""From rows to records, aligned to the keys that were asked for."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from connectors.batch import Page
from connectors.erp.port import Found, Pages
from connectors.erp.tryton.service import Broken, owner_of
from connectors.errors import MalformedRecord
from connectors.record import Record

R = TypeVar("R", bound=Record)


class Reader:
    """Makes records of one system's rows; a row that makes none is its record's error."""

    def __init__(self, system: str) -> None:
        self._system = system

    def record(self, row: Any, noun: str, make: Callable[[Any], R]) -> R | MalformedRecord:
        """The record, or why there is none."""
        if isinstance(row, Broken):
            return row.error
        try:
            return make(row)
        except (ValueError, ArithmeticError) as error:
            return MalformedRecord(self._system, f"{noun} {row.id}", str(error), owner_of(row))


def aligned(keys: Sequence[str], found: Iterable[tuple[str, R | MalformedRecord]]) -> Found[R]:
    """For each key its record, or None. The first of a key stands."""
    known: dict[str, R | MalformedRecord] = {}
    for key, record in found:
        known.setdefault(key, record)
    return [known.get(key) for key in keys]


def whole_lists(keys: Sequence[str], found: Iterable[tuple[str, R | MalformedRecord]]) -> Pages[R]:
    """For each key all of its records, in the order in which they come."""
    lists: dict[str, list[R | MalformedRecord]] = {key: [] for key in keys}
    for key, record in found:
        if key in lists:
            lists[key].append(record)
    return [Page(lists[key]) for key in keys]


def ids_of(keys: Iterable[str]) -> list[int]:
    """The keys that can be ids of Tryton's: there is nothing behind any other."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) <= 18]
