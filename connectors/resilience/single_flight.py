"""Single flight: equal questions that are under way at the same time are one.

This stands below the policy, which filters each asker's results afterwards: what is shared is the system's
answer to the same question, never what somebody may see of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

from connectors import deadline
from connectors.resilience.call import Call

T = TypeVar("T")


class _Flight(Generic[T]):
    """A call under way in a task of its own, and the futures of those who wait for it."""

    __slots__ = ("call", "task", "waiters")

    def __init__(self, call: Call[T]) -> None:
        self.call = call
        self.waiters: list[asyncio.Future[T]] = []
        self.task: asyncio.Task[None]


class SingleFlight:
    """The calls that others may join."""

    __slots__ = ("_flights",)

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[Any]] = {}

    async def join(
        self,
        key: Hashable,
        seconds: float,
        call: Call[T],
        run: Callable[[Call[T]], Awaitable[T]],
        late: Callable[[Call[T]], Exception],
    ) -> T:
        """The result of `call`, or of an equal one that is under way; raises what that raises.

        After `seconds`, whatever the others do, what `late` makes. The call ends with the last who waits.
        """
        loop = asyncio.get_running_loop()
        flight: _Flight[T] | None = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(call)
            flight.task = loop.create_task(self._fly(key, flight, run))
        elif flight.call.until < call.until:
            flight.call.until = call.until
        waiter: asyncio.Future[T] = loop.create_future()
        flight.waiters.append(waiter)
        alarm = loop.call_later(seconds, self._expire, key, flight, waiter, late)
        try:
            return await waiter
        finally:
            alarm.cancel()
            flight.waiters.remove(waiter)
            if not flight.waiters and not flight.task.done():
                self._close(key, flight)
                flight.task.cancel()

    def seal(self) -> None:
        """Nobody joins what is under way: it may have been answered before what the next one knows of."""
        self._flights.clear()

    async def _fly(self, key: Hashable, flight: _Flight[T], run: Callable[[Call[T]], Awaitable[T]]) -> None:
        deadline.lift()
        try:
            result = await run(flight.call)
        except Exception as error:
            self._close(key, flight)
            for waiter in flight.waiters:
                if not waiter.done():
                    waiter.set_exception(error)
        else:
            self._close(key, flight)
            for waiter in flight.waiters:
                if not waiter.done():
                    waiter.set_result(result)

    def _expire(
        self,
        key: Hashable,
        flight: _Flight[T],
        waiter: "asyncio.Future[T]",
        late: Callable[[Call[T]], Exception],
    ) -> None:
        """A call that somebody gave up isn't joined any more, or it would hang as long as somebody comes."""
        self._close(key, flight)
        if not waiter.done():
            waiter.set_exception(late(flight.call))

    def _close(self, key: Hashable, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
