"""A system as a guard sees it: calls that take their time and come to their end, and are counted."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from connectors.errors import UpstreamError
from connectors.resilience import Guard
from tests.resilience.virtual_time import now

TIMEOUT = 5.0


@dataclass
class System:
    """Each attempt takes `seconds` and ends with `error`, if there is one; `errors` go first, one each."""

    seconds: float = 0.0
    error: UpstreamError | None = None
    errors: list[UpstreamError | None] = field(default_factory=list)
    attempts: list[float] = field(default_factory=list)
    broken_off: int = 0
    inside: int = 0

    async def __call__(self) -> str:
        number = len(self.attempts)
        self.attempts.append(now())
        self.inside += 1
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.broken_off += 1
            raise
        finally:
            self.inside -= 1
        error = self.errors.pop(0) if self.errors else self.error
        if error is not None:
            raise error
        return f"answer {number}"


def guarded(connections: int = 20, queue: int = 1000, *, share_reads: bool = True) -> Guard:
    """A guard in virtual time."""
    return Guard(
        "erp", timeout=TIMEOUT, connections=connections, queue=queue, share_reads=share_reads, clock=now
    )


async def outcome(call: Awaitable[object]) -> tuple[float, object]:
    """When it ends, counted from now, and how."""
    began = now()
    (result,) = await asyncio.gather(call, return_exceptions=True)
    return now() - began, result


async def after(seconds: float, ask: Callable[[], Awaitable[object]]) -> tuple[float, object]:
    """The same, of a call that begins later."""
    await asyncio.sleep(seconds)
    return await outcome(ask())


def idle(guard: Guard) -> bool:
    """Whether nothing is under way, and nobody waits."""
    return guard.calls.inside == guard.calls.waiting == guard.streams.inside == guard.streams.waiting == 0


def circuit(guard: Guard) -> str:
    """Its state."""
    return guard.circuit
