"""How much memory processes hold."""

import threading
from pathlib import Path
from typing import Self


def resident(*pids: int) -> int:
    """Bytes, all of them together."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in pids)


class Highest:
    """The most memory that processes hold while the block runs."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.before = self.bytes = resident(*pids)

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            self.bytes = max(self.bytes, resident(*self._pids))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def growth(self) -> int:
        """Bytes more than before the block."""
        return self.bytes - self.before
