"""Answers made smaller for clients that ask for it (RFC 9110, 12.5.3): by brotli, else gzip.

No secret can be guessed from an answer's length (BREACH): that needs a stranger's page that makes a browser
ask with the user's cookies, and the graph answers such a request by a refusal, since no such page can set the
header that it needs. Pages with forms hold secrets, and are never compressed.
"""

import asyncio
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import brotli

SMALLEST = 1400
"""Bytes from which it is worth while: less goes in one packet anyhow."""
LARGE = 262_144
"""Bytes from which it takes a millisecond and more, and so a thread."""
_BROTLI_QUALITY = (
    2  # of 11; at 174 kB 0.45 ms and 8.5 times smaller, and quality 5 takes 1.5 ms for 9.4 times
)
_GZIP_LEVEL = 1  # of 9; at 174 kB 0.57 ms and 6.5 times smaller, and level 6 takes 1.5 ms for 8.8 times


class Coding(NamedTuple):
    """A content coding."""

    name: str
    compress: Callable[[bytes], bytes]


def _brotli(body: bytes) -> bytes:
    made: Any = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_QUALITY)
    return bytes(made)


def _gzip(body: bytes) -> bytes:
    compressor = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return compressor.compress(body) + compressor.flush()


_USUAL = 500
"""Characters of a header: longer ones would stay in memory."""
CODINGS = (Coding("br", _brotli), Coding("gzip", _gzip))
"""The better one first."""


def coding_of(accept_encoding: str) -> Coding | None:
    """The coding that an Accept-Encoding header asks for, the better one of equals; None for none. Of usual
    headers it is remembered.
    """
    return _remembered(accept_encoding) if len(accept_encoding) <= _USUAL else _coding_of(accept_encoding)


def _coding_of(accept_encoding: str) -> Coding | None:
    asked: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        asked.setdefault(name, _quality(parameters))
    rest = asked.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: asked.get(coding.name, rest))  # of equals the first
    return best if asked.get(best.name, rest) > asked.get("identity", 0.0) else None


_remembered = lru_cache(maxsize=256)(_coding_of)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


async def compressed(body: bytes, coding: Coding) -> bytes:
    """The body in this coding; a large one is made so in a thread, while others are answered."""
    return await asyncio.to_thread(coding.compress, body) if len(body) >= LARGE else coding.compress(body)
