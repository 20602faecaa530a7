"""The wire log: what was asked of the sandbox, for tests that count calls."""

from collections import deque
from typing import Any

MOST_CALLS = 10_000


class CallLog:
    """The last calls; switches under /sandbox/ are not logged."""

    def __init__(self) -> None:
        """Starts empty."""
        self._calls: deque[dict[str, Any]] = deque(maxlen=MOST_CALLS)
        self._seq = 0

    def add(
        self,
        method: str,
        path: str,
        by: str | None,
        keys: int | None,
        status: int | None,
        ms: float,
        request_id: str | None,
    ) -> None:
        """Log one call; `keys` is their number, `status` is null where no answer was given."""
        self._seq += 1
        self._calls.append(
            {
                "seq": self._seq, "method": method, "path": path, "by": by, "keys": keys, "status": status,
                "ms": round(ms, 3), "requestId": request_id,
            }
        )  # fmt: skip

    def entries(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(self._calls)

    def clear(self) -> None:
        """Forget what was logged; the numbers go on."""
        self._calls.clear()
