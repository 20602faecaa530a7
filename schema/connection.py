"""Relay connections (https://relay.dev/graphql/connections.htm), forward only, newest first."""

from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import strawberry

from schema.fields import ALWAYS, argument, described

T = TypeVar("T")


@strawberry.type(description="Where a page of a list begins and ends.")
class PageInfo:
    has_next_page: bool = described("Indicates whether there is more behind this page.")
    has_previous_page: bool = described("Indicates whether this page was asked for with a cursor.")
    start_cursor: str | None = described("Cursor of the first item.")
    end_cursor: str | None = described("Cursor of the last item: the `after` of the next page.")


@strawberry.type(description="An item of a list and where it stands.")
class Edge(Generic[T]):
    cursor: str = described("Where the item stands, opaque.")
    node: T | None = described("The item; null with an error when its record can't be read.")


async def _total(root: strawberry.Parent[Any]) -> Any:
    return await root.count()


@strawberry.type(description="A page of a list that can grow.")
class Connection(Generic[T]):
    nodes: list[T | None] = described("The items; one is null with an error when its record can't be read.")
    edges: list[Edge[T]] = described("The items with their cursors.")
    page_info: PageInfo = described("Where this page begins and ends.")
    total_count: int | None = strawberry.field(
        resolver=_total,
        description="How many items there are; counted only when asked for.",
        metadata=ALWAYS,
    )


ABSENT: Any = strawberry.UNSET
"""Default of an optional argument: left out of the SDL, false in Python."""

First: TypeAlias = Annotated[int | None, argument("How many items, 1 to 100; 20 when it is left out.")]
After: TypeAlias = Annotated[str | None, argument("Cursor of the item behind which to begin.")]
