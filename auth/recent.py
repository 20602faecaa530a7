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
        self._kept: dict[str, tuple[T, Lease, float]] = {}

    def get(self, key: str) -> T | None:
        found = self._kept.get(key)
        if found is None:
            return None
        value, lease, until = found
        if time.monotonic() < until and lease.holds():
            return value
        del self._kept[key]
        return None

    def keep(self, key: str, value: T, lease: Lease | None, *, asked: float, seconds: float) -> None:
        """`asked`: when, by the monotonic clock; `seconds`: so long it is true if nothing changes."""
        until = asked + min(self._seconds, seconds)
        if lease is None or until <= time.monotonic():
            return
        self._kept.pop(key, None)
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = value, lease, until
