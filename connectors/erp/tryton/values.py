"""Tryton's JSON: amounts and dates are objects with a `__class__`, in answers and in questions."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

Domain: TypeAlias = list[Any]
"""Conditions in Tryton's own form, all of which must hold; `["OR", a, b]` for one of several."""


class Value(msgspec.Struct, frozen=True, tag_field="__class__", gc=False):
    """A value that JSON has no type for."""


class Amount(Value, frozen=True, tag="Decimal", gc=False):
    """A decimal number."""

    decimal: Decimal


class Day(Value, frozen=True, tag="date", gc=False):
    """A local date."""

    year: int
    month: int
    day: int

    @property
    def date(self) -> date:
        """Raises ValueError for a day that no calendar has."""
        return date(self.year, self.month, self.day)


class Stamp(Value, frozen=True, tag="datetime", gc=False):
    """When a record was written, in UTC."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    microsecond: int = 0

    @property
    def moment(self) -> datetime:
        """Raises ValueError for a moment that there is not."""
        parts = (self.year, self.month, self.day, self.hour, self.minute, self.second, self.microsecond)
        return datetime(*parts, tzinfo=UTC)


def day(value: date) -> Day:
    """A date as Tryton is asked by it."""
    return Day(value.year, value.month, value.day)


def amount(value: Decimal) -> Amount:
    """An amount as Tryton is asked by it."""
    return Amount(value)


def stamp(value: datetime) -> Stamp:
    """A moment as Tryton is asked by it."""
    told = value.astimezone(UTC)
    return Stamp(told.year, told.month, told.day, told.hour, told.minute, told.second, told.microsecond)
