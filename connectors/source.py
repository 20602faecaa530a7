"""A body that flows in from somebody while a system takes it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager


class _Broken(Exception):
    """It broke off."""


class Source:
    """`chunks`, for each of which the system has `timeout` seconds anew.

    What they raise is not the system's failure: it passes the guard as an error of nobody's, and is told as
    it was by `told`.
    """

    def __init__(self, chunks: AsyncIterator[bytes], timeout: float) -> None:
        self._chunks = chunks
        self._timeout = timeout
        self._limit = asyncio.timeout(None)
        self._error: Exception | None = None

    def limit(self) -> asyncio.Timeout:
        """A block in which the system takes them."""
        self._limit = asyncio.timeout(self._timeout)
        return self._limit

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Within the block."""
        try:
            async for chunk in self._chunks:
                self._again()
                yield chunk
        except Exception as error:
            self._error = error
            raise _Broken from error
        self._again()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Raises what they raised."""
        try:
            yield
        except _Broken:
            assert self._error is not None  # noqa: S101 - for mypy: it was set before
            raise self._error from None

    def _again(self) -> None:
        self._limit.reschedule(asyncio.get_running_loop().time() + self._timeout)
