"""One call through a guard, its retries included."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Call(Generic[T]):
    """`ask` makes an attempt; `until` is when nobody waits for it any more, in the clock's seconds."""

    __slots__ = ("ask", "attempts", "began", "probe", "repeatable", "sent", "told", "trial", "until")

    def __init__(
        self, ask: Callable[[], Awaitable[T]], until: float, *, repeatable: bool = False, probe: bool = False
    ) -> None:
        self.ask = ask
        self.until = until
        self.repeatable = repeatable
        self.probe = probe
        self.trial = False
        self.attempts = 0
        self.began: float | None = None
        """When the attempt under way began; None between two."""
        self.sent = False
        """Whether the system may have got the request."""
        self.told = False
        """Whether the circuit breaker knows how it went."""
