"""Keyset pages: whole, in order, without overlap, whatever their size."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from connectors.batch import Page
from connectors.contract_tests.keys import whole
from connectors.erp.queries import Order, Slice
from connectors.errors import MalformedRecord

R = TypeVar("R")
Ask: TypeAlias = Callable[[Slice], Awaitable[Page[R | MalformedRecord]]]
"""One list of one key, filtered as may be."""

MOST = 1000


async def read_through(ask: Ask[R], first: int = MOST, order: Order | None = None) -> list[R]:
    """All items, in pages of this size, each begun at the `next` of the one before."""
    found: list[R] = []
    after: tuple[str, ...] | None = None
    while True:
        page = await ask(Slice(first, after, order))
        assert len(page.items) <= first, "a page holds more than was asked for"
        assert page.items or not page.has_next, "an empty page says that there is more"
        found += whole(page.items)
        if not page.has_next:
            return found
        assert page.next is not None, "there is more, but no word of where"
        assert page.next != after, "a page ends where the one before did"
        after = page.next


async def check_pages(
    ask: Ask[R], position: Callable[[R], tuple[str, ...]], order: Order | None = None
) -> list[R]:
    """The whole list. Pages of any size give it, and so do pages begun behind every item."""
    items = await read_through(ask, order=order)
    assert len({str(each) for each in items}) == len(items), "an item stands twice in a list"
    for first in sizes(len(items)):
        assert same(await read_through(ask, first, order), items), f"pages of {first} are another list"
    for place, item in enumerate(items):
        page = await ask(Slice(MOST, position(item), order))
        assert same(whole(page.items), items[place + 1 :]), f"behind item {place} another list begins"
    return items


def sizes(count: int) -> list[int]:
    """Sizes of pages that so many items are read in: every one where they are few."""
    if count <= 12:
        return list(range(1, count + 2))
    return [1, 2, 3, 5, 7, count // 2, count - 1, count, count + 1]


def same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether these are the same records in the same order; when they were read doesn't matter."""
    return [identity(each) for each in some] == [identity(each) for each in others]


def identity(record: object) -> object:
    """What a record is known by."""
    return getattr(record, "id", None) or getattr(record, "number", None) or record
