"""Answers over HTTP that are whole at once."""

from typing import Any

import msgspec
from starlette.responses import Response

from gateway.graphql.media import JSON
from gateway.graphql.parameters import RequestError

_encode = msgspec.json.Encoder().encode


def response(
    body: dict[str, Any], status: int, media: str, headers: dict[str, str] | None = None
) -> Response:
    """A GraphQL answer in one of the two media types."""
    told = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    return Response(_encode(body), status, told, media_type=f"{media}; charset=utf-8")


def refusal(error: RequestError, request_id: str, media: str = JSON, status: int | None = None) -> Response:
    """The answer to a request that isn't one, or whose document is not run."""
    return response({"errors": [error.told(request_id)]}, status or error.status, media, error.headers)
