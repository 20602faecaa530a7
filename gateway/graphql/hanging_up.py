"""A client that hangs up ends its query: nobody reads the answer, and others wait for the back office."""

import asyncio
from collections.abc import Awaitable
from types import TracebackType
from typing import TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

LOOK_AFTER = 0.05
"""Seconds until somebody looks whether the client is there: most answers are, by then, and need no task."""

T = TypeVar("T")


class WhileConnected:
    """Cancels the block once its client has hung up, and raises ClientDisconnect from it."""

    __slots__ = ("_before", "_gone", "_looking", "_over", "_receive", "_task", "_timer")

    def __init__(self, receive: Receive) -> None:
        """`receive` must have given the whole body."""
        self._receive = receive
        self._gone = self._over = False
        self._looking: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for mypy: a coroutine runs in one
        self._task, self._before = task, task.cancelling()
        self._timer = asyncio.get_running_loop().call_later(LOOK_AFTER, self._look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None  # its end holds this block: nobody but the garbage collector would free both
        if self._gone and self._task.uncancel() <= self._before:
            raise ClientDisconnect from error

    def _look(self) -> None:
        self._looking = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if not self._over:
            self._gone = True
            self._task.cancel()


async def to_its_end(work: Awaitable[T]) -> T:
    """The result. Who cancels this waits until it is there: half a mutation is worse than one too many."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
