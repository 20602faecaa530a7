"""The endpoint `/uploads`: takes one file a request, as its plain body, and answers with its document."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from connectors import deadline
from connectors.documents.port import DocumentRecord
from connectors.errors import UpstreamError
from gateway.downloads.answers import RETRY_SECONDS, status_of
from gateway.graphql.media import JSON
from gateway.graphql.parameters import RequestError
from gateway.uploads.head import announced_file
from resolvers.nodes import global_id
from resolvers.operation import Operations
from resolvers.uploads.receiving import Uploads
from resolvers.uploads.refusal import Reason, UploadRefused
from resolvers.viewer import Asker

PATH: Final = "/uploads"
_STATUS: Mapping[Reason, int] = {
    Reason.INVALID: 400,
    Reason.NOT_PERMITTED: 403,
    Reason.NOT_FOUND: 404,
    Reason.TOO_LARGE: 413,
    Reason.TYPE: 415,
    Reason.CONTENT: 422,
    Reason.TOO_MANY: 429,
    Reason.TOO_MANY_TODAY: 429,
}
_PATIENCE = 30.0
_HEADERS: Mapping[str, str] = {"Cache-Control": "no-store"}

log = logging.getLogger("leasegraph.uploads")


class UploadEndpoint:
    """Answers POST. `request_timeout` bounds what is asked before the file comes, `timeout` its coming."""

    def __init__(
        self,
        uploads: Uploads,
        operations: Operations,
        asker_of: Callable[[Request], Awaitable[Asker | None]],
        *,
        request_timeout: float,
        timeout: float,
    ) -> None:
        self._uploads = uploads
        self._operations = operations
        self._asker_of = asker_of
        self._request_timeout = request_timeout
        self._timeout = timeout

    async def take(self, request: Request) -> Response:
        """201 with the document, else an error in the form of the graph's."""
        body = request.stream()
        try:
            document = await self._document(request, body)
        except RequestError as error:
            await self._let_finish(request, body)
            headers = {**_HEADERS, "Connection": "close", **error.headers}
            return Response(
                msgspec.json.encode({"errors": [error.told(request.state.request_id)]}),
                error.status, headers, media_type=JSON,
            )  # fmt: skip
        told = {
            "id": global_id(document),
            "fileName": document.file_name,
            "mimeType": document.mime_type,
            "size": document.size,
            "sha256": document.sha256,
            "expiresAt": document.expires_at,
        }
        return Response(msgspec.json.encode(told), 201, dict(_HEADERS), media_type=JSON)

    async def _document(self, request: Request, body: AsyncIterator[bytes]) -> DocumentRecord:
        if request.method != "POST":
            raise RequestError(405, "Only POST is allowed.", headers={"Allow": "POST"})
        asker = await self._asker_of(request)
        if asker is None:
            raise RequestError(401, "Log in to upload a file.", "UNAUTHENTICATED")
        operation = self._operations.begin(asker, request.state.request_id)
        try:
            with deadline.within(self._request_timeout):
                announced = await self._uploads.announce(operation, **announced_file(request))
            return await self._uploads.receive(operation, announced, self._parts(request, asker, body))
        except UploadRefused as error:
            named = {"argument": error.argument} if error.argument else {}
            retry = {"Retry-After": str(RETRY_SECONDS)} if error.reason is Reason.TOO_MANY else {}
            status = _STATUS[error.reason]
            raise RequestError(status, str(error), error.reason.value, retry, named) from error
        except UpstreamError as error:
            said = {"code": error.code, "upstream": error.system}
            log.warning("upstream error", extra={**said, "why": repr(error)})
            status = status_of(error)
            retry = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
            named = {"upstream": error.system}
            raise RequestError(status, str(error), error.code, retry, named) from error

    async def _parts(
        self, request: Request, asker: Asker, body: AsyncIterator[bytes]
    ) -> AsyncIterator[bytes]:
        """The file. Who sends it is asked again at its end: a login may have ended while it came."""
        end = asyncio.get_running_loop().time() + self._timeout
        while True:
            try:
                async with asyncio.timeout_at(end):
                    part = await anext(body, None)
            except TimeoutError as error:
                rule = f"The file did not come within {self._timeout:g} seconds."
                raise RequestError(408, rule, "UPLOAD_TIMEOUT") from error
            if part is None:
                if await self._asker_of(request) != asker:
                    raise RequestError(401, "Your login has ended; log in again.", "UNAUTHENTICATED")
                return
            yield part

    async def _let_finish(self, request: Request, body: AsyncIterator[bytes]) -> None:
        """Reads on for a moment: who is still sending when the connection closes misses the answer.

        Not so who waits for our word before sending (Expect, RFC 9110, 10.1.1), or has far too much to send.
        """
        left = self._uploads.most_bytes
        told = request.headers.get("content-length", "0")
        if "expect" in request.headers or int(told) > 2 * left:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                async for part in body:
                    left -= len(part)
                    if left < 0:
                        return
        except (TimeoutError, ClientDisconnect):
            return
