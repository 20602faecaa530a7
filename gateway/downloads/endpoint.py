"""The endpoint `/documents/{token}`: follows a signed link, once more asking who follows it.

It needs no preflight header, since a navigation can't carry one; it only reads, and shows nothing to other
origins.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from connectors import deadline
from connectors.errors import UpstreamError
from gateway.downloads.answers import HEADERS, told, told_of
from gateway.downloads.ranges import Unsatisfiable, asked_part
from gateway.downloads.sending import FileResponse
from gateway.graphql.parameters import RequestError
from gateway.identity import insufficient
from gateway.reading_audit import ReadingAudit
from resolvers.downloads.files import File, file_behind
from resolvers.downloads.links import LinkExpired
from resolvers.errors import MissingScope
from resolvers.operation import Operations
from resolvers.viewer import Asker

log = logging.getLogger("leasegraph.downloads")

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class DownloadEndpoint:
    """Answers GET and HEAD. `request_timeout` bounds the time to the first byte, in seconds."""

    def __init__(
        self,
        operations: Operations,
        asker_of: Callable[[Request], Awaitable[Asker | None]],
        audit: ReadingAudit,
        *,
        request_timeout: float,
        stall_timeout: float,
    ) -> None:
        self._operations = operations
        self._asker_of = asker_of
        self._audit = audit
        self._request_timeout = request_timeout
        self._stall_timeout = stall_timeout

    async def follow(self, request: Request) -> Response:
        """The file, or why not. A link of somebody else answers like one that never was."""
        try:
            asker = await self._asker_of(request)
            if asker is None:
                return _nobody(request)
            file = await self._file(request, asker)
        except RequestError as error:
            return told(error.status, error.headers)
        except LinkExpired:
            return told(410)
        except UpstreamError as error:
            log.warning(
                "upstream error", extra={"code": error.code, "upstream": error.system, "why": repr(error)}
            )
            return told_of(error)
        if file is None:
            return told(404)
        etag = f'"{file.sha256}"' if _SHA256.fullmatch(file.sha256) else None
        try:
            part = asked_part(request, etag, file.size)
        except Unsatisfiable:
            return told(416, {"Content-Range": f"bytes */{file.size}"})
        return FileResponse(file, part, etag, self._stall_timeout)

    async def _file(self, request: Request, asker: Asker) -> File | None:
        ticket = self._operations.links.read(asker, request.path_params["token"])
        if ticket is None:
            return None
        operation = self._operations.begin(asker, request.state.request_id)
        try:
            with deadline.within(self._request_timeout):
                file = await file_behind(operation, ticket)
        except MissingScope as error:
            raise insufficient(error.scope) from error
        if operation.readings is not None:
            operation.readings.answered("download", (), file)
        await self._audit.record(operation)
        return file


def _nobody(request: Request) -> Response:
    """A person is led to the login and back; a program is told."""
    if "text/html" not in request.headers.get("accept", ""):
        return told(401)
    return RedirectResponse(f"/login?next={quote(request.url.path, safe='/')}", 303, dict(HEADERS))
