"""One call through a guard, its retries included."""

from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeAlias, TypeVar

from connectors.resilience.limit import NEVER, Limit, Limits

T = TypeVar("T")

Observe: TypeAlias = Callable[[str, float, int], None]
"""Told of each call once it is over: `OK`, the code of its error or `CANCELLED`; seconds; attempts."""
OK: Final = "ok"
CANCELLED: Final = "cancelled"
"""Nobody waited for it any more."""


class Call(Limit, Generic[T]):
    """`ask` makes an attempt. In the clock's seconds, the call is `asked` for now, and nobody waits for it
    any more after `until`; where it is `bounded` it is over then."""

    __slots__ = (
        "ask",
        "asked",
        "attempts",
        "began",
        "probe",
        "repeatable",
        "sent",
        "told",
        "trial",
        "until",
    )

    def __init__(
        self,
        ask: Callable[[], Awaitable[T]],
        limits: Limits,
        asked: float,
        until: float,
        *,
        repeatable: bool = False,
        probe: bool = False,
        bounded: bool = True,
    ) -> None:
        # What a limit has, set here: one call less for each.
        self._limits = limits
        self._over = False
        self.moment = until if bounded else NEVER
        self.ask = ask
        self.asked = asked
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
        """Whether the circuit breaker and the observer know how it went."""
