"""The request headers Range and If-Range (RFC 9110, 13.1.5 and 14)."""

import re

from starlette.requests import Request

from connectors.documents.content import ByteRange

_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies behind the end."""


def asked_part(request: Request, etag: str | None, size: int) -> ByteRange | None:
    """The part to send; None for the whole.

    The whole is for no range, several, one that nobody can read, and one of a content that has changed since.
    Raises Unsatisfiable.
    """
    given = _RANGE.fullmatch(request.headers.get("range", ""))
    if request.method != "GET" or not given or request.headers.get("if-range", etag) != etag:
        return None
    first, last = given[1], given[2]
    if not first and not last:
        return None
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return None
    if start >= stop:
        raise Unsatisfiable
    return ByteRange(start, stop)
