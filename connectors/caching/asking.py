"""Who asks, of one operation, and what it was given that is older than it may be else."""

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.errors import UpstreamError


@dataclass(frozen=True, slots=True)
class StandIn:
    """Answers that stood in for a system that failed with `code`; the oldest was asked for at `as_of`."""

    system: str
    code: str
    as_of: datetime


class Asking:
    """`clients` are those that the asker acts for: what is kept for one such set is given to no other."""

    __slots__ = ("clients", "scope", "stand_ins")

    def __init__(self, clients: frozenset[str]) -> None:
        self.clients = tuple(sorted(clients))
        self.scope = "\0".join(self.clients).encode()
        self.stand_ins: dict[str, StandIn] = {}
        """By system."""

    def stands_in(self, error: UpstreamError, asked_for: int) -> None:
        """Notes an answer of that moment, in milliseconds of the epoch."""
        as_of = datetime.fromtimestamp(asked_for / 1000, UTC)
        known = self.stand_ins.get(error.system)
        if known is None or as_of < known.as_of:
            self.stand_ins[error.system] = StandIn(error.system, error.code, as_of)
