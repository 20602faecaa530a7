"""A page of records on the wire."""

EMPTY_PAGE = '{"items":[],"hasNext":false}'


def page(records: list[str], first: int | None) -> str:
    """The JSON of a page from one record more than it may hold."""
    more = first is not None and len(records) > first
    items = ",".join(records[:first] if more else records)
    return f'{{"items":[{items}],"hasNext":{"true" if more else "false"}}}'
