"""Sending a file as it comes: one part in memory at a time, no faster than it is taken."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from connectors.documents.content import ByteRange
from connectors.errors import UpstreamError
from gateway.downloads.answers import HEADERS, told_of
from gateway.downloads.disposition import attachment
from resolvers.downloads.files import File

log = logging.getLogger("leasegraph.downloads")

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?", re.ASCII)


class FileResponse(Response):
    """200, or 206 for a part. `stall_timeout` is the longest wait for the browser, in seconds.

    An answer that has begun and can't go on is left unfinished: the server then breaks the connection off,
    and since Content-Length was told, the browser sees that bytes are missing.
    """

    def __init__(self, file: File, part: ByteRange | None, etag: str | None, stall_timeout: float) -> None:
        span = part or ByteRange(0, file.size)
        known = _MEDIA_TYPE.fullmatch(file.mime_type)
        headers = {
            **HEADERS,
            "Accept-Ranges": "bytes",
            "Content-Disposition": attachment(file.name),
            "Content-Length": str(span.stop - span.start),
            "Content-Type": file.mime_type if known else "application/octet-stream",
        }
        if etag:
            headers["ETag"] = etag
        if part:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
        super().__init__(None, 206 if part else 200, headers)
        self._file = file
        self._part = part
        self._stall_timeout = stall_timeout
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await self._begin(send)
            await send({"type": "http.response.body", "body": b""})
            return
        sending = asyncio.ensure_future(self._send(send))
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            gone.cancel()
            await asyncio.wait((sending, gone))  # the store is let go of before we leave
        try:
            if not sending.cancelled():
                sending.result()
        except UpstreamError as error:
            said = {"code": error.code, "upstream": error.system, "begun": self._begun, "why": repr(error)}
            log.warning("download failed", extra=said)
            if not self._begun:
                await told_of(error)(scope, receive, send)
        except TimeoutError:
            log.warning("download not taken", extra={"seconds": self._stall_timeout})

    async def _send(self, send: Send) -> None:
        async with self._file.open(self._part) as chunks:
            await self._begin(send)
            await self._body(chunks, send)
        await send({"type": "http.response.body", "body": b""})

    async def _begin(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._begun = True

    async def _body(self, chunks: AsyncIterator[bytes], send: Send) -> None:
        async for chunk in chunks:
            async with asyncio.timeout(self._stall_timeout):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
