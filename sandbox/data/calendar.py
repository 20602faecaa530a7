"""Days as ordinals, with their ISO text looked up: generation handles millions of them."""

from datetime import date

FIRST = date(2010, 1, 1).toordinal()
DAYS = 366 * 50
ISO = [date.fromordinal(FIRST + n).isoformat() for n in range(DAYS)]
POSTED = [f"{day}T21:45:00Z" for day in ISO]


def iso(day: int) -> str:
    """`YYYY-MM-DD` of an ordinal day."""
    return ISO[day - FIRST]


def posted(day: int) -> str:
    """The moment at which the night run of `day` posts bookings."""
    return POSTED[day - FIRST]


def month_of(day: int) -> int:
    """Months since year 0."""
    value = date.fromordinal(day)
    return value.year * 12 + value.month - 1


def day_in(month: int, day: int) -> int:
    """The ordinal of `day` (1–28) in a month counted since year 0."""
    return date(month // 12, month % 12 + 1, day).toordinal()
