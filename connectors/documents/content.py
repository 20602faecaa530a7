"""The bytes of a document on their way: never the whole of them in memory."""

from collections.abc import AsyncIterator

import msgspec


class ByteRange(msgspec.Struct, frozen=True):
    """The bytes from `start` up to but without `stop`; never empty."""

    start: int
    stop: int


class DocumentContent(msgspec.Struct, frozen=True):
    """An opened document: `size` of the whole in bytes, and the part that `chunks` gives.

    `chunks` raises an UpstreamError where the store breaks off; it ends cleanly only after the last byte.
    """

    size: int
    part: ByteRange | None
    chunks: AsyncIterator[bytes]
