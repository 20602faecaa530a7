"""The moment by which the whole request must be answered, carried down to every back-office call.

A context variable, since every task of one request inherits it, the batch tasks of loaders included.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Everything awaited in this block should be done `seconds` from now; an outer, earlier deadline wins."""
    moment = asyncio.get_running_loop().time() + seconds
    outer = _deadline.get()
    token = _deadline.set(moment if outer is None else min(outer, moment))
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining(at_most: float) -> float:
    """Seconds that a call may take: `at_most`, or what is left of the request's deadline; never negative."""
    moment = _deadline.get()
    if moment is None:
        return at_most
    return max(0.0, min(at_most, moment - asyncio.get_running_loop().time()))


def lift() -> None:
    """In a task of its own: it outlives whoever began it, and who waits for it keeps the time."""
    _deadline.set(None)
