"""HTTP clients for tests, closed at their end."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from connectors.http import UpstreamClient

Connect: TypeAlias = Callable[[str, str, float], UpstreamClient]
"""A client of a URL with a key and a timeout in seconds."""


@asynccontextmanager
async def connecting(system: str) -> AsyncIterator[Connect]:
    """Makes clients of a system that is called so."""
    opened: list[UpstreamClient] = []

    def connect(url: str, api_key: str, timeout: float) -> UpstreamClient:
        opened.append(UpstreamClient(system, url, api_key=api_key, timeout=timeout))
        return opened[-1]

    try:
        yield connect
    finally:
        for each in opened:
            await each.close()
