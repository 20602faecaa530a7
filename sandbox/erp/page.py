"""A page of records on the wire."""

EMPTY_PAGE = '{"items":[],"hasNext":false}'


def page(records: list[str], first: int | None) -> str:
    """The JSON of a page from one record more than it may hold."""
    more = first is not None and len(records) > first
    return f'{{"items":[{",".join(records[:first] if more else records)}],"hasNext":{"true" if more else "false"}}}'
