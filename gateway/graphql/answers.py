"""Answers over HTTP that are whole at once."""

from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send

from gateway.compression import SMALLEST, Coding, compressed
from gateway.graphql.media import GRAPHQL, JSON
from gateway.graphql.parameters import RequestError

_encode = msgspec.json.Encoder().encode
_ALWAYS = ((b"cache-control", b"no-store"), (b"vary", b"Accept, Accept-Encoding"))
_HEADERS = {
    media: (*_ALWAYS, (b"content-type", f"{media}; charset=utf-8".encode())) for media in (GRAPHQL, JSON)
}


class WholeAnswer:
    """A GraphQL answer in one of the two media types, sent as ASGI has it."""

    __slots__ = ("_body", "_coding", "_headers", "_media", "_status")

    def __init__(
        self,
        body: dict[str, Any],
        status: int,
        media: str,
        coding: Coding | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self._body = body
        self._status = status
        self._media = media
        self._coding = coding
        self._headers = headers

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = _encode(self._body)
        headers = list(_HEADERS[self._media])
        if self._coding is not None and len(body) >= SMALLEST:
            body = await compressed(body, self._coding)
            headers.append((b"content-encoding", self._coding.name.encode()))
        headers.append((b"content-length", b"%d" % len(body)))
        if self._headers:
            for name, value in self._headers.items():
                headers.append((name.lower().encode(), value.encode("latin-1")))
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def refusal(
    error: RequestError, request_id: str, media: str = JSON, status: int | None = None
) -> WholeAnswer:
    """The answer to a request that isn't one, or whose document is not run."""
    body = {"errors": [error.told(request_id)]}
    return WholeAnswer(body, status or error.status, media, headers=error.headers)
