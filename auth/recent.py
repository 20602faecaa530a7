"""What the store said within the last second, for as long as nothing of it has changed there."""

import time
from typing import Generic, TypeVar

from auth.store import Lease

MOST = 2000
"""Of one process, about 1 kB each; who comes later puts out the oldest."""

T = TypeVar("T")


class Recent(Generic[T]):
    """Keyed by hashes of tokens, never by tokens.

    `seconds`: no answer is older, also where the store is about to be lost and can't tell of changes.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[T, Lease, float] | None] = {}
        """None where the answer is over."""
        self.recalled = 0
        """How often an answer was given that held."""

    def get(self, key: str) -> T | None:
        found = self._kept.get(key)
        if found is None:
            return None
        value, lease, until = found
        if time.monotonic() < until and lease.holds():
            self.recalled += 1
            return value
        self._kept[key] = None
        return None

    def knows(self, key: str) -> bool:
        """Whether there was an answer, so that a lease is worth having for the next one.

        The server remembers all keys of leases, also those of a token that somebody made up or uses once.
        """
        return key in self._kept

    def keep(self, key: str, value: T, lease: Lease | None, *, asked: float, seconds: float) -> None:
        """`asked`: when, by the monotonic clock; `seconds`: so long it is true if nothing changes."""
        if not self._seconds:
            return
        until = asked + min(self._seconds, seconds)
        self._kept.pop(key, None)
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = None if lease is None or until <= time.monotonic() else (value, lease, until)
