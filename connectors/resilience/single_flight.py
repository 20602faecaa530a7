"""Single flight: equal questions that are under way at the same time are one.

This stands below the policy, which filters each asker's results afterwards: what is shared is the system's
answer to the same question, never what somebody may see of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from connectors import deadline
from connectors.resilience.call import Call
from connectors.resilience.limit import Limits

generation: ContextVar[bytes] = ContextVar("generation", default=b"")
"""Of the data under which an answer will be kept. Nobody is to join a question that was asked in another: its
answer may be older than the change between them."""

T = TypeVar("T")


class _Flight(Generic[T]):
    """A call under way in a task of its own, and those who wait for it."""

    __slots__ = ("call", "key", "task", "waiting")

    def __init__(self, key: Hashable, call: Call[T]) -> None:
        self.key = key
        self.call = call
        self.waiting: list[_Waiting[T]] = []
        self.task: asyncio.Task[None]


class _Waiting(Generic[T]):
    """One who waits for a flight until that `moment`, by its `future`."""

    __slots__ = ("_flight", "_flights", "future", "moment")

    def __init__(
        self, flights: "SingleFlight", flight: _Flight[T], future: "asyncio.Future[T]", moment: float
    ) -> None:
        self._flights = flights
        self._flight = flight
        self.future = future
        self.moment = moment

    def end(self) -> None:
        """Its time is over."""
        if not self.future.done():
            self.future.set_exception(self._flights.expired(self._flight))


class SingleFlight:
    """The calls that others may join.

    `run` makes one, `late` is the error of somebody whose time was over before; `limits` keep the time.
    """

    __slots__ = ("_flights", "_late", "_limits", "_run")

    def __init__(
        self,
        limits: Limits,
        run: Callable[[Call[Any]], Awaitable[Any]],
        late: Callable[[Call[Any]], Exception],
    ) -> None:
        self._flights: dict[Hashable, _Flight[Any]] = {}
        self._limits = limits
        self._run = run
        self._late = late

    async def join(self, key: Hashable, call: Call[T]) -> T:
        """The result of `call`, or of an equal one that is under way; raises what that raises.

        At its `until`, whatever the others do, what `late` makes. The call ends with the last who waits.
        """
        loop, limits = asyncio.get_running_loop(), self._limits
        key = (key, generation.get())
        flight: _Flight[T] | None = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(key, call)
            flight.task = loop.create_task(self._fly(flight))
        elif flight.call.until < call.until:
            flight.call.until = call.until
        future: asyncio.Future[T] = loop.create_future()
        waiting = _Waiting(self, flight, future, call.until)
        flight.waiting.append(waiting)
        if loop is not limits.loop:
            limits.join(loop)
        limits.add(waiting)
        try:
            return await future
        finally:
            limits.discard(waiting)
            flight.waiting.remove(waiting)
            if not flight.waiting and not flight.task.done():
                self._close(flight)
                flight.task.cancel()

    def seal(self) -> None:
        """Nobody joins what is under way: it may have been answered before what the next one knows of."""
        self._flights.clear()

    def expired(self, flight: _Flight[Any]) -> Exception:
        """A call that somebody gave up isn't joined any more, or it would hang as long as somebody comes."""
        self._close(flight)
        return self._late(flight.call)

    async def _fly(self, flight: _Flight[Any]) -> None:
        deadline.lift()
        try:
            result = await self._run(flight.call)
        except Exception as error:
            self._close(flight)
            for each in flight.waiting:
                if not each.future.done():
                    each.future.set_exception(error)
        else:
            self._close(flight)
            for each in flight.waiting:
                if not each.future.done():
                    each.future.set_result(result)

    def _close(self, flight: _Flight[Any]) -> None:
        if self._flights.get(flight.key) is flight:
            del self._flights[flight.key]
