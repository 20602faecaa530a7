"""A client that hangs up ends its query: nobody reads the answer, and others wait for the back office."""

import asyncio
from collections.abc import Awaitable
from contextvars import Context
from types import TracebackType
from typing import TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

LOOK_AFTER = 0.05
"""Seconds until somebody looks whether the client is there, or up to twice as many: most answers are, by
then, and need no task."""

T = TypeVar("T")


class Clients:
    """Those whose queries run in this event loop, looked at together: a timer for each would cost more."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.new: set[WhileConnected] = set()
        self.older: set[WhileConnected] = set()
        self._timer: asyncio.TimerHandle | None = None

    def connected(self, receive: Receive) -> "WhileConnected":
        """A query, as a block. `receive` must have given the whole body."""
        return WhileConnected(self, receive)

    def look_later(self) -> None:
        """At those that are in `new` now; unless that will be done anyhow."""
        if self._timer is None:
            self._timer = self.loop.call_later(LOOK_AFTER, self._look, context=Context())  # no query's own

    def _look(self) -> None:
        self._timer = None
        for query in self.older:
            query.look()
        self.older, self.new = self.new, set()
        if self.older:
            self.look_later()


class WhileConnected:
    """Cancels the block once its client has hung up, and raises ClientDisconnect from it."""

    __slots__ = ("_before", "_clients", "_gone", "_looking", "_over", "_receive", "_task")

    def __init__(self, clients: Clients, receive: Receive) -> None:
        self._clients = clients
        self._receive = receive
        self._gone = self._over = False
        self._looking: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        clients = self._clients
        task = asyncio.current_task(clients.loop)
        assert task is not None  # noqa: S101 - for mypy: a coroutine runs in one
        self._task, self._before = task, task.cancelling()
        clients.new.add(self)
        clients.look_later()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self._clients.new.discard(self)
        self._clients.older.discard(self)
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None  # its end holds this block: nobody but the garbage collector would free both
        if self._gone and self._task.uncancel() <= self._before:
            raise ClientDisconnect from error

    def look(self) -> None:
        """From now on somebody waits for the client to hang up."""
        self._looking = self._clients.loop.create_task(self._wait())

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
