"""The first few of each of several lists, in as few questions as it takes.

Tryton limits an answer as a whole, not each key's part of it. So all keys are asked for at once, in the
lists' common order; where that filled some keys' pages and cut off others', the others are asked for again
from there.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from connectors.erp.tryton.service import MOST, Broken, chunks, head_of
from connectors.erp.tryton.values import Domain

Position = tuple[Any, int]
"""The value of the column that sorts, and the id."""


class Column:
    """A list sorted by one field and then by id, both in one direction."""

    def __init__(self, field: str, *, descending: bool = True) -> None:
        self._field = field
        self._sign = "<" if descending else ">"
        self._word = "DESC" if descending else "ASC"

    @property
    def order(self) -> list[tuple[str, str]]:
        """As Tryton is asked."""
        return [(self._field, self._word), ("id", self._word)]

    def behind(self, position: Position | None) -> Domain:
        """The condition of what comes after a position."""
        if position is None:
            return []
        value, number = position
        equal = [[self._field, "=", value], ["id", self._sign, number]]
        return [["OR", [self._field, self._sign, value], equal]]

    def position(self, row: Any) -> Position:
        """Where a row stands."""
        return getattr(head_of(row), self._field), head_of(row).id


async def first_of_each(
    keys: Sequence[str],
    first: int,
    after: Position | None,
    column: Column,
    ask: Callable[[list[str], Position | None, int], Awaitable[list[Any]]],
    keys_of: Callable[[Any], Sequence[str]],
    fits: Callable[[Any], bool],
) -> dict[str, list[Any]]:
    """For each key up to `first` + 1 rows: the one too many says that there are more.

    `ask(keys, after, limit)` reads, `keys_of` says whose a row's head is, and `fits` leaves out what the
    question could not.
    """
    found: dict[str, list[Any]] = {key: [] for key in keys}
    for chunk in chunks(keys):
        behind, waiting = after, set(chunk)
        while waiting:
            limit = min(MOST, len(waiting) * (first + 1))
            rows = await ask([key for key in chunk if key in waiting], behind, limit)
            for row in rows:
                if isinstance(row, Broken) or fits(row):
                    for key in waiting.intersection(keys_of(head_of(row))):
                        found[key].append(row)
            if len(rows) < limit:
                break
            behind = column.position(rows[-1])
            waiting = {key for key in waiting if len(found[key]) <= first}
    return {key: rows[: first + 1] for key, rows in found.items()}
