"""GraphQL over server-sent events, "distinct connections mode": one request, one operation, many answers.

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import OperationType
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.graphql.answers import refusal
from gateway.graphql.media import EVENTS
from gateway.graphql.parameters import Parameters, RequestError
from gateway.graphql.running import Answer, NotAllowed
from gateway.graphql.subscribing import Subscriptions
from gateway.identity import Credential
from gateway.streams.endings import SESSION_ENDED, StreamEnded
from gateway.streams.registry import Stream, Streams
from resolvers.viewer import Asker

log = logging.getLogger("leasegraph.streams")

KEEP_ALIVE_SECONDS = 15.0
_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"
_HEADERS = {"Cache-Control": "no-store", "Vary": "Accept", "X-Accel-Buffering": "no"}
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class EventStreams:
    """What they share. `stall_timeout` is the longest wait for a client to take an event, in seconds."""

    subscriptions: Subscriptions
    streams: Streams
    stall_timeout: float


class EventStream(Response):
    """The answers of one operation, as they come."""

    def __init__(
        self,
        shared: EventStreams,
        parameters: Parameters,
        credential: Credential,
        asker: Asker | None,
        request_id: str,
        allowed: Collection[OperationType],
    ) -> None:
        super().__init__(None, 200, _HEADERS, media_type=EVENTS)
        del self.headers["Content-Length"]
        self._shared = shared
        self._parameters = parameters
        self._credential = credential
        self._asker = asker
        self._request_id = request_id
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answer(receive, send)
        except RequestError as error:  # only ever before anything is sent
            await refusal(error, self._request_id)(scope, receive, send)

    async def _answer(self, receive: Receive, send: Send) -> None:
        asker, shared = self._asker, self._shared
        if asker is None:
            raise RequestError(401, "An event stream needs somebody who is logged in.", SESSION_ENDED.code)
        with shared.streams.opened(self._credential, asker) as stream:
            begun = shared.subscriptions.begun(
                stream, self._parameters, asker, self._request_id, self._allowed, receive
            )
            try:
                async with begun as answers:
                    await self._follow(stream, answers, receive, send)
            except NotAllowed as error:
                raise RequestError(405, "Mutations need POST.", headers={"Allow": "POST"}) from error

    async def _follow(
        self, stream: Stream, answers: AsyncIterator[Answer], receive: Receive, send: Send
    ) -> None:
        """Sends until there is nothing more to send, nobody who takes it, or nobody who may have it."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        sending = asyncio.ensure_future(self._send_all(answers, send))
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((sending, gone, stream.ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            gone.cancel()
            await asyncio.wait((sending, gone))
        last = b""
        # After an ending that passes there is no "complete": the client sees that the stream broke off.
        if stream.ended.done() and not (ending := stream.ended.result()).again:
            told = RequestError(401, ending.message, ending.code).told(self._request_id)
            last = _next({"errors": [told]}) + _COMPLETE
        elif not sending.cancelled():
            sending.result()
        await send({"type": "http.response.body", "body": last})

    async def _send_all(self, answers: AsyncIterator[Answer], send: Send) -> None:
        """With a comment at the beginning, and whenever there was nothing else for a while."""
        try:
            await self._send(_COMMENT, send)
            while (answer := await self._following(answers, send)) is not None:
                await self._send(_next(answer.body), send)
            await self._send(_COMPLETE, send)
        except RequestError as error:
            await self._send(_next({"errors": [error.told(self._request_id)]}) + _COMPLETE, send)
        except TimeoutError:
            log.warning("event stream not taken", extra={"seconds": self._shared.stall_timeout})
        except StreamEnded:
            pass

    async def _following(self, answers: AsyncIterator[Answer], send: Send) -> Answer | None:
        """The answer that comes next, None behind the last one."""
        coming = asyncio.ensure_future(anext(answers, None))
        try:
            while not (await asyncio.wait((coming,), timeout=KEEP_ALIVE_SECONDS))[0]:
                await self._send(_COMMENT, send)
            return coming.result()
        finally:
            coming.cancel()
            await asyncio.wait((coming,))

    async def _send(self, chunk: bytes, send: Send) -> None:
        async with asyncio.timeout(self._shared.stall_timeout):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})


def _next(body: dict[str, Any]) -> bytes:
    return b"event: next\ndata: " + _encode(body) + b"\n\n"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
