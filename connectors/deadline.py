"""The moment by which the whole request must be answered, carried down to every back-office call.

A context variable, since every task of one request inherits it, the batch tasks of loaders included.
"""

import asyncio
from contextvars import ContextVar, Token

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class within:  # noqa: N801 - read as a word: `with deadline.within(5):`
    """Everything awaited in this block should be done `seconds` from now; an outer, earlier deadline wins."""

    __slots__ = ("_moment", "_token")

    def __init__(self, seconds: float) -> None:
        self._moment = asyncio.get_running_loop().time() + seconds
        self._token: Token[float | None]

    def __enter__(self) -> None:
        outer = _deadline.get()
        self._token = _deadline.set(self._moment if outer is None else min(outer, self._moment))

    def __exit__(self, *_: object) -> None:
        _deadline.reset(self._token)


def remaining(at_most: float) -> float:
    """Seconds that a call may take: `at_most`, or what is left of the request's deadline; never negative."""
    moment = _deadline.get()
    if moment is None:
        return at_most
    return max(0.0, min(at_most, moment - asyncio.get_running_loop().time()))


def lift() -> None:
    """In a task of its own: it outlives whoever began it, and who waits for it keeps the time."""
    _deadline.set(None)
