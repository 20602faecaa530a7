"""The one way by which every call to a system passes."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from connectors import deadline
from connectors.errors import (
    NotAsked,
    UpstreamCircuitOpen,
    UpstreamError,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.resilience.backoff import backoff
from connectors.resilience.bulkhead import Bulkhead
from connectors.resilience.call import CANCELLED, OK, Call, Observe
from connectors.resilience.circuit_breaker import CircuitBreaker, State
from connectors.resilience.limit import NEVER, Limits
from connectors.resilience.retry_budget import MOST, RetryBudget
from connectors.resilience.single_flight import SingleFlight

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""Most of one call."""
PASSING = frozenset({None, 429, 502, 503, 504})
"""Statuses of failures that may be over a moment later; None is a connection that failed."""
FAIR = 1.0
"""Seconds, at most, that a system must have had before a timeout counts against it."""

T = TypeVar("T")


class Guard:
    """Of one system. `timeout` in seconds bounds a call with all that belongs to it: its wait for a slot, its
    attempts, and what lies between them; the deadline of the request bounds it too (`connectors.deadline`).

    At most `connections` calls are under way at once and `queue` wait; as many again for streams. Equal reads
    are one call unless `share_reads` is off.
    """

    def __init__(
        self,
        system: str,
        *,
        timeout: float = 5.0,
        connections: int = 20,
        queue: int = 1000,
        share_reads: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.system = system
        self.timeout = timeout
        self.connections = connections
        self._share_reads = share_reads
        self.calls = Bulkhead(system, connections, queue)
        self.streams = Bulkhead(system, connections, queue)
        self._clock = clock
        self._limits = Limits(clock)
        self._breaker = CircuitBreaker(system, timeout, clock)
        self._budget = RetryBudget(clock)
        self._flights = SingleFlight(self._limits, self._in_flight, self._late)
        self.observe: Observe | None = None

    @property
    def circuit(self) -> State:
        """Whether the system is asked: `closed`, or `open` where calls to it are refused."""
        return self._breaker.state

    def call(
        self, ask: Callable[[], Awaitable[T]], *, repeatable: bool, same: Hashable | None = None
    ) -> Coroutine[Any, Any, T]:
        """What `ask` gives: one attempt, which raises an UpstreamError where it fails.

        `repeatable` is a call that does nothing more when it is made twice. Others are made again only where
        the system certainly didn't get them. Equal calls of the same `same` that are under way at once are
        one; only for what reads, and its context is that of the first. Raises UpstreamTimeout, and NotAsked.
        """
        seconds = deadline.remaining(self.timeout)
        now = self._clock()
        shared = self._share_reads and same is not None and seconds > 0
        call = Call(ask, self._limits, now, now + seconds, repeatable=repeatable, bounded=not shared)
        if shared:
            return self._flights.join(same, call)
        if self._share_reads and same is None:
            return self._newer(call)
        return self._run(call, self.calls)

    def probe(self, ask: Callable[[], Awaitable[T]]) -> Coroutine[Any, Any, T]:
        """A look at the system's health: made whatever the circuit breaker says, and told to it."""
        now = self._clock()
        until = now + deadline.remaining(self.timeout)
        return self._run(Call(ask, self._limits, now, until, probe=True), self.calls)

    @asynccontextmanager
    async def stream(
        self, begin: Callable[[], Awaitable[T]], *, repeatable: bool, timed: bool = True
    ) -> AsyncIterator[T]:
        """What `begin` gives. The block has a slot of the streams' as long as it runs.

        `timeout` bounds the beginning; where it isn't `timed` only the wait for the slot, since all of it is
        the stream. Failures out of the block count against the system.
        """
        seconds = deadline.remaining(self.timeout)
        now = self._clock()
        until = now + seconds
        call = Call(begin, self._limits, now, until, repeatable=repeatable)
        try:
            with call:
                if not self.streams.enter():
                    await self.streams.turn()
        except TimeoutError as error:
            raise self._late(call) from error
        try:
            if timed and self._clock() >= until:
                raise self._late(call)
            if not timed:
                call.moment = call.until = NEVER
            opened = await self._run(call, None)
            try:
                yield opened
            except UpstreamError as error:
                if error.system == self.system and _is_failure(error):
                    self._breaker.tell(trial=False, failed=True)
                raise
        finally:
            self.streams.leave()

    def news(self) -> None:
        """There may be something new: whoever asks from now on gets no answer to an older question."""
        self._flights.seal()

    async def _newer(self, call: Call[T]) -> T:
        """A call behind which there is news."""
        try:
            return await self._run(call, self.calls)
        finally:
            self.news()

    def _in_flight(self, call: Call[T]) -> Awaitable[T]:
        """Those who wait for it keep the time."""
        return self._run(call, self.calls)

    async def _run(self, call: Call[T], slots: Bulkhead | None) -> T:
        """All attempts, and how they ended told."""
        if call.moment <= call.asked:
            raise self._late(call)
        breaker, budget = self._breaker, self._budget
        try:
            with call:
                if not breaker.is_closed:
                    call.trial = breaker.admit(always=call.probe)
                if budget.tokens < MOST:
                    budget.earn()
                while True:
                    call.attempts += 1
                    if slots is not None and not slots.enter():
                        await slots.turn()
                    try:
                        if not (breaker.is_closed or call.trial or call.probe):  # it opened meanwhile
                            raise UpstreamCircuitOpen(self.system)
                        call.began, call.sent = self._clock(), True
                        result = await call.ask()
                        break
                    except TimeoutError as error:
                        raise UpstreamTimeout(self.system) from error
                    except NotAsked:
                        raise
                    except UpstreamUnavailable as error:
                        pause = self._pause(call, error)
                        if pause is None:
                            raise
                    finally:
                        if slots is not None:
                            slots.leave()
                    await asyncio.sleep(pause)
            self._tell(call, OK, failed=False)
            return result
        except TimeoutError as error:
            raise self._late(call) from error
        except NotAsked as error:
            self._tell(call, error.code)
            raise
        except UpstreamError as error:
            self._tell(call, error.code, failed=_is_failure(error))
            raise
        finally:
            if not call.told:
                self._tell(call, CANCELLED)

    def _pause(self, call: Call[T], error: UpstreamUnavailable) -> float | None:
        """Seconds until the next attempt; None where there is none to be."""
        self._log(call, error)
        now, began = self._clock(), call.began
        call.began, call.sent = None, error.sent
        again = error.passing and (not error.sent or (call.repeatable and error.status in PASSING))
        if not again or call.attempts >= ATTEMPTS or call.probe or not self._breaker.is_closed:
            return None
        pause = backoff(call.attempts, error.retry_after)
        took = 0.0 if began is None else now - began
        if now + pause + took >= call.until or not self._budget.spend():
            return None
        return pause

    def _late(self, call: Call[T]) -> UpstreamTimeout:
        """Nobody waits any longer. It counts against a system that had a chance, or failed before."""
        error = UpstreamTimeout(self.system, sent=call.sent)
        had = 0.0 if call.began is None else self._clock() - call.began
        if not call.told:
            self._log(call, error)
            failed = True if call.attempts > 1 or had >= min(FAIR, self.timeout / 2) else None
            self._tell(call, error.code, failed=failed)
        return error

    def _tell(self, call: Call[T], outcome: str, *, failed: bool | None = None) -> None:
        if call.told:
            return
        call.told = True
        now, breaker = self._clock(), self._breaker
        if failed is False and breaker.is_closed:  # as nearly all end
            breaker.window.add(now, failed=False)
        else:
            breaker.tell(trial=call.trial, failed=failed)
        if self.observe is not None:
            self.observe(outcome, now - call.asked, call.attempts)

    def _log(self, call: Call[T], error: UpstreamError) -> None:
        """Not of each trial: the circuit breaker has told what is the matter."""
        if self._breaker.is_closed:
            status = getattr(error, "status", None)
            extra = {"upstream": self.system, "code": error.code, "attempt": call.attempts}
            if status is not None:
                extra["status"] = status
            if error.__cause__ is not None:
                extra["why"] = repr(error.__cause__)
            log.warning("upstream call failed", extra=extra)


def _is_failure(error: UpstreamError) -> bool:
    """Whether a system that says so is ill; one that refuses, or says nonsense, has answered."""
    return isinstance(error, UpstreamTimeout | UpstreamUnavailable)
