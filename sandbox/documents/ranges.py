"""Bytes with an ETag, whole or one range of them (RFC 9110)."""

import re

from sandbox.exchange import Answer, Request

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def ranged(request: Request, data: bytes, media_type: str, etag: str, headers: dict[str, str]) -> Answer:
    """200, 206, 304 or 416; several ranges at once, or a range nobody can read, give the whole."""
    headers = {"etag": etag, "accept-ranges": "bytes", "cache-control": "private, max-age=0"} | headers
    if etag in request.headers.get("if-none-match", ""):
        return Answer(b"", 304, media_type, headers)
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if not match or match[0] == "bytes=-" or request.headers.get("if-range", etag) != etag:
        return Answer(data, 200, media_type, headers)
    first, last = match[1], match[2]
    if not first:
        start, stop = max(0, len(data) - int(last)), len(data)
    else:
        start, stop = int(first), min(len(data), int(last) + 1 if last else len(data))
        if last and int(last) < int(first):
            return Answer(data, 200, media_type, headers)
    if start >= stop:
        return Answer(b"", 416, media_type, headers | {"content-range": f"bytes */{len(data)}"})
    headers["content-range"] = f"bytes {start}-{stop - 1}/{len(data)}"
    return Answer(data[start:stop], 206, media_type, headers)
