"""Reading the answer of `GET /documents/v1/content/{id}` of the REST contract (RFC 9110, 14 and 15)."""

import re
from collections.abc import AsyncIterator

from connectors.documents.content import ByteRange, DocumentContent
from connectors.errors import MalformedAnswer, UpstreamRejected, UpstreamUnavailable
from connectors.http import Download

_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
OK, PARTIAL, NOT_FOUND = 200, 206, 404


def content_of(system: str, answer: Download, part: ByteRange | None) -> DocumentContent | None:
    """The opened document. Raises MalformedAnswer where the store gives other bytes than were asked for."""
    if answer.status == NOT_FOUND:
        return None
    if answer.status not in (OK, PARTIAL):
        raise UpstreamRejected(system, answer.status)
    size = _size(answer, part)
    if size is None:
        raise MalformedAnswer(system)
    length = part.stop - part.start if part else size
    return DocumentContent(size, part, _exactly(system, length, answer.chunks))


def _size(answer: Download, part: ByteRange | None) -> int | None:
    """Of the whole document; None where the answer isn't to the question."""
    if part is None:
        length = answer.headers.get("content-length", "")
        return int(length) if answer.status == OK and _LENGTH.fullmatch(length) else None
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
    if answer.status != PARTIAL or not found or (int(found[1]), int(found[2]) + 1) != (part.start, part.stop):
        return None
    return int(found[3])


async def _exactly(system: str, length: int, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks, as long as they keep to what was said."""
    left = length
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise MalformedAnswer(system)
        yield chunk
    if left:
        raise UpstreamUnavailable(system)
