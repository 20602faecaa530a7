"""What every feed of changes keeps: see `connectors.erp.changes.ChangeFeed`."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol, TypeAlias

import pytest

from connectors.contract_tests.contract import Call, Contract
from connectors.erp.changes import Change, ChangeFeed

WriteSomething: TypeAlias = Callable[[], Awaitable[Change]]
FAR = 10**18
"""Also as microseconds since 1970."""


class Feed(ChangeFeed, Protocol):
    """A system's feed; every system says how it is."""

    async def health(self) -> None:
        """Answers when the system does."""


class ChangeFeedContract(Contract[Feed, None]):
    """Changes in order, page after page, none left out."""

    @pytest.fixture
    def data(self) -> None:
        """Nothing: what changes, `written` says."""

    @pytest.fixture
    def written(self) -> WriteSomething:
        """Writes a record in the system itself, and says the change that this is."""
        raise NotImplementedError("give a fixture `written`")

    def reads(self, port: Feed, data: None) -> Sequence[Call]:
        """The feed's only question."""
        del data
        return (partial(port.changes, 0, 10),)

    async def test_one_page_after_another(self, port: Feed, written: WriteSomething) -> None:
        end = await _end(port)
        changes = [await written() for _ in range(3)]
        position = end
        seen: list[Change] = []
        for _ in changes:
            page = await port.changes(position, 1)
            assert len(page.items) == 1
            assert page.next > position
            assert not page.begun_anew
            position, seen = page.next, [*seen, *page.items]
        assert seen == changes
        # Anew from an earlier position: all behind it, perhaps after some that came just before it.
        assert (await port.changes(end, 1000)).items[-len(changes) :] == tuple(changes)
        last = await port.changes(position, 100)
        assert (last.items, last.next, last.begun_anew) == ((), position, False)

    async def test_a_position_behind_the_end_is_told(self, port: Feed) -> None:
        page = await port.changes(FAR, 10)
        assert (page.items, page.begun_anew) == ((), True)
        assert page.next < FAR


async def _end(port: Feed) -> int:
    position = 0
    while (page := await port.changes(position, 1000)).items:
        assert page.next > position
        position = page.next
    return position
