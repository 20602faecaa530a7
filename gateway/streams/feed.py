"""Changes on their way to subscriptions: kept by object, so that a slow one has few to catch up with."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from connectors.erp.changes import Change
from resolvers.following import Interest

MOST_WAITING = 1000
"""Objects that may wait for one subscription; a subscription behind by more is ended."""


class Following:
    """What one subscription was told and has not yet taken. `overrun` is called where that is too much."""

    def __init__(self, interest: Interest, overrun: Callable[[], None]) -> None:
        self._interest = interest
        self._overrun = overrun
        self._waiting: dict[tuple[str, str], Change] = {}
        self._news = asyncio.Event()

    def tell(self, change: Change) -> None:
        """An object that waits already waits once: it will be read as it is then."""
        key = (change.collection, change.id)
        if key in self._waiting or not self._interest.covers(change):
            return
        if len(self._waiting) >= MOST_WAITING:
            self._overrun()
            return
        self._waiting[key] = change
        self._news.set()

    async def next(self) -> Change:
        """The change that has waited longest, once there is one."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.pop(next(iter(self._waiting)))


class Feed:
    """All subscriptions of this gateway."""

    def __init__(self) -> None:
        self._followings: set[Following] = set()

    def tell(self, changes: Iterable[Change]) -> None:
        """Every subscription that they concern."""
        for change in changes:
            for following in self._followings:
                following.tell(change)

    @contextmanager
    def following(self, interest: Interest, overrun: Callable[[], None]) -> Iterator[Following]:
        """Told of every change from now on."""
        following = Following(interest, overrun)
        self._followings.add(following)
        try:
            yield following
        finally:
            self._followings.discard(following)
