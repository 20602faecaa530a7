"""Between Authlib's synchronous server core and the event loop.

The core runs in a worker thread, where its RSA signature keeps no other request waiting; what it asks of the
store runs on the loop while the thread waits.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from anyio import CapacityLimiter, from_thread, to_thread

Result = TypeVar("Result")


class Workers:
    """A few threads of our own, so that files being served don't wait for tokens, nor tokens for files."""

    def __init__(self, threads: int = 8) -> None:
        self._limiter = CapacityLimiter(threads)

    async def run(self, work: Callable[[], Result]) -> Result:
        return await to_thread.run_sync(work, limiter=self._limiter)


def wait(work: Callable[..., Coroutine[Any, Any, Result]], *args: Any) -> Result:
    """The result of a coroutine, for code in a worker thread."""
    return from_thread.run(work, *args)
