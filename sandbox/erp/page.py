"""A page of records on the wire."""

from typing import Final

EMPTY_PAGE: Final = '{"items":[],"hasNext":false,"next":null}'
SEPARATOR: Final = "\x1e"  # between items; JSON escapes it, so that it never stands in a record
BEHIND: Final = "\x1f"  # between an item's keyset position and its record


def page(records: list[str], first: int | None, end: str = "null") -> str:
    """The JSON of a page from one record more than it may hold; `end` is its last item's position."""
    more = first is not None and len(records) > first
    items = ",".join(records[:first] if more else records)
    return f'{{"items":[{items}],"hasNext":{"true" if more else "false"},"next":{end}}}'


def positioned_page(joined: str, first: int) -> str:
    """The JSON of a page from items as SQL joins them, each behind its position."""
    items = joined.split(SEPARATOR)
    end = items[: first or None][-1].partition(BEHIND)[0]
    return page([item.partition(BEHIND)[2] for item in items], first, end)
