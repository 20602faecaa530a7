"""Asking a bucket for the keys below several places at once, in few calls."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from connectors.documents.s3_bucket import Bucket
from connectors.documents.s3_keys import LASTING
from connectors.documents.s3_listing import Entry, entries

T = TypeVar("T")
R = TypeVar("R")

CALLS_AT_ONCE = 10
"""Of one gateway process, downloads and uploads apart."""
FEW = 8
"""So many places of one client are asked for one by one, at once; for more, the client's whole list is."""


class Reading:
    """Every method raises an UpstreamError."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._turns = asyncio.Semaphore(CALLS_AT_ONCE)

    async def of_clients(self, folders: Iterable[str]) -> dict[str, list[Entry]]:
        """All that each of these clients has."""
        asked = list(dict.fromkeys(folders))
        return dict(zip(asked, await self.each(self._listed, asked), strict=True))

    async def below(self, places: Iterable[str]) -> list[Entry]:
        """What is below these ids or parts of ids; more of the same clients' may come along."""
        by_client: dict[str, set[str]] = defaultdict(set)
        for place in places:
            by_client[place.partition("/")[0]].add(place)
        asked = [
            each
            for client, theirs in by_client.items()
            for each in (theirs if len(theirs) <= FEW else (f"{client}/",))
        ]
        return [entry for found in await self.each(self._listed, asked) for entry in found]

    async def each(self, ask: Callable[[T], Awaitable[R]], about: Sequence[T]) -> list[R]:
        """All answers in order. When one raises, the others are cancelled and waited for."""

        async def answer(each: T) -> R:
            async with self._turns:
                return await ask(each)

        tasks = [asyncio.ensure_future(answer(each)) for each in about]
        try:
            return await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    async def _listed(self, folder: str) -> list[Entry]:
        return entries(await self._bucket.listing(LASTING + folder))
