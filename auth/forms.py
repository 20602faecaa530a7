"""Form bodies: small, urlencoded, strict UTF-8."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from auth.errors import RefusedRequest


async def read_form(request: Request, limit: int) -> dict[str, str]:
    """The fields of a form. Raises RefusedRequest, as `read_pairs` does; 400 for a field given twice."""
    pairs = await read_pairs(request, limit)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise RefusedRequest(400, "bad_request")
    return fields


async def read_pairs(request: Request, limit: int) -> list[tuple[str, str]]:
    """The fields of an `application/x-www-form-urlencoded` body of at most `limit` bytes, in their order.

    Raises RefusedRequest: 415 for another media type, 413 past the limit, 400 for bytes that are not UTF-8.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise RefusedRequest(415, "bad_request")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise RefusedRequest(413, "bad_request")
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=32)
    except ValueError as error:
        raise RefusedRequest(400, "bad_request") from error
