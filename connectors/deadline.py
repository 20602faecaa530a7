"""The moment by which the whole request must be answered, carried down to every back-office call.

A context variable, since every task of one request inherits it, the batch tasks of loaders included.
"""

import asyncio
from contextvars import ContextVar, Token


class within:  # noqa: N801 - read as a word: `with deadline.within(5):`
    """Everything awaited in this block should be done `seconds` from now; an outer, earlier deadline wins."""

    __slots__ = ("_clock", "_moment", "_token")

    def __init__(self, seconds: float) -> None:
        self._clock = asyncio.get_running_loop().time
        self._moment = self._clock() + seconds
        self._token: Token[within | None]

    def __enter__(self) -> None:
        outer = _deadline.get()
        if outer is not None:
            self._moment = min(outer._moment, self._moment)
        self._token = _deadline.set(self)

    def __exit__(self, *_: object) -> None:
        _deadline.reset(self._token)

    def left(self) -> float:
        """Seconds; negative once it is over."""
        return self._moment - self._clock()


_deadline: ContextVar[within | None] = ContextVar("deadline", default=None)


def remaining(at_most: float) -> float:
    """Seconds that a call may take: `at_most`, or what is left of the request's deadline; never negative."""
    deadline = _deadline.get()
    if deadline is None:
        return at_most
    left = deadline.left()
    return at_most if left > at_most else max(0.0, left)


def lift() -> None:
    """In a task of its own: it outlives whoever began it, and who waits for it keeps the time."""
    _deadline.set(None)
