"""How the plain commands to a store ended, and what they took: of one process, counted always."""

from typing import Final

from gateway.counting import Seconds

BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Of the buckets, in seconds: a store on the same machine answers in less than one millisecond."""


class StoreCounts:
    """Of one client, with all the connections that it had. For one thread."""

    __slots__ = ("error", "failed", "lost", "ok", "opened", "refused", "timeout")

    def __init__(self) -> None:
        self.ok = Seconds(BOUNDS)
        self.error = Seconds(BOUNDS)
        """The server answered that it can't or won't."""
        self.timeout = Seconds(BOUNDS)
        self.lost = Seconds(BOUNDS)
        """The connection was lost before the answer came."""
        self.refused = Seconds(BOUNDS)
        """Never sent: too many waited already."""
        self.opened = 0
        """Connections."""
        self.failed = 0
        """Attempts at one."""

    def outcomes(self) -> dict[str, Seconds]:
        """By the names that they have for an operator."""
        return {
            "ok": self.ok,
            "error": self.error,
            "timeout": self.timeout,
            "lost": self.lost,
            "refused": self.refused,
        }
