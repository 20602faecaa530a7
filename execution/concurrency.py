"""Waiting for several things at once; what is cancelled cancels what it waits for, and sees it end."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

_background: set["asyncio.Future[Any]"] = set()


async def together(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """All results in order. When one raises, the others are cancelled and waited for."""
    tasks = [asyncio.ensure_future(each) for each in awaitables]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def settled(pending: Sequence[Awaitable[Any]]) -> Awaitable[Any]:
    """What waits for all, of which there is at least one: the only one itself, or all together."""
    return pending[0] if len(pending) == 1 else together(pending)


async def outcomes(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """Results or exceptions in order. A cancellation is nobody's outcome and is raised."""
    if len(awaitables) == 1:
        try:
            return [await awaitables[0]]
        except Exception as error:
            return [error]
    results = await asyncio.gather(*awaitables, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
    return results


def in_background(awaitables: Sequence[Awaitable[Any]]) -> None:
    """Lets them end when they will; their errors are no news."""
    if awaitables:
        future = asyncio.gather(*awaitables, return_exceptions=True)
        _background.add(future)
        future.add_done_callback(_background.discard)
