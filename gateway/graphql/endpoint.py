"""The endpoint `/graphql`: one operation a request, read, run, and answered."""

from collections.abc import Awaitable, Callable

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.compression import coding_of
from gateway.graphql.answers import WholeAnswer, refusal
from gateway.graphql.event_stream import EventStream, EventStreams
from gateway.graphql.media import EVENTS, GRAPHQL, JSON, Asked, asked_for
from gateway.graphql.parameters import DocumentRefused, RequestError, read
from gateway.graphql.running import NotAllowed, Runner
from gateway.headers import header
from gateway.identity import Credential
from resolvers.viewer import Asker

_ALLOWED = {
    "GET": (OperationType.QUERY,),
    "POST": (OperationType.QUERY, OperationType.MUTATION),
}


class GraphQLEndpoint:
    """Answers GraphQL operations over HTTP, subscriptions and whatever else is asked so as event streams.

    An ASGI application: each layer between server and endpoint costs more than reading the request. `page`
    answers persons' browsers, None where it is none. `admission` says by what somebody asks, and who; it may
    raise RequestError. With `legacy_status` the older media type says 200 of a document that is not run.
    """

    def __init__(
        self,
        runner: Runner,
        event_streams: EventStreams,
        admission: Callable[[Request], Awaitable[tuple[Credential, Asker | None]]],
        page: Callable[[Request], Awaitable[Response | None]],
        *,
        max_body_bytes: int,
        legacy_status: bool,
    ) -> None:
        self._runner = runner
        self._event_streams = event_streams
        self._admission = admission
        self._page = page
        self._max_body_bytes = max_body_bytes
        self._legacy_status = legacy_status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever comes, a request that isn't one gets a 4xx with an error in GraphQL's form."""
        request = Request(scope)
        answer: ASGIApp | None = None
        if scope["method"] in ("GET", "HEAD"):
            answer = await self._page(request)
        if answer is None:
            asked = asked_for(header(scope, b"accept"))
            try:
                answer = await self._answer(request, receive, asked)
            except RequestError as error:
                media = asked.media or JSON
                status = self._status_of_refusal(media) if isinstance(error, DocumentRefused) else None
                answer = refusal(error, scope["state"]["request_id"], media, status)
        await answer(scope, receive, send)

    def _status_of_refusal(self, media: str) -> int:
        """Of a request that is one, for a document of which nothing is run."""
        return 200 if media == JSON and self._legacy_status else 400

    async def _answer(self, request: Request, receive: Receive, asked: Asked) -> ASGIApp:
        media, events = asked
        scope = request.scope
        # HEAD is GET of which uvicorn leaves out the body (RFC 9110, section 9.3.2)
        is_head = scope["method"] == "HEAD"
        method = "GET" if is_head else scope["method"]
        if media is None and (not events or is_head):
            raise RequestError(406, f"The answer can be {GRAPHQL}, {JSON} or {EVENTS}.")
        if method not in _ALLOWED:
            raise RequestError(
                405, "Only GET, HEAD and POST are allowed.", headers={"Allow": "GET, HEAD, POST"}
            )
        parameters = await read(request, receive, self._max_body_bytes)
        credential, asker = await self._admission(request)
        request_id: str = scope["state"]["request_id"]
        if media is not None:
            try:
                answer = await self._runner.run(
                    parameters, asker, request_id, _ALLOWED[method], receive=receive
                )
            except NotAllowed as error:
                if error.kind is not OperationType.SUBSCRIPTION:
                    message = f"Mutations are not allowed when using {method}."
                    raise RequestError(405, message, headers={"Allow": "POST"}) from error
                if not events or is_head:
                    message = f"A subscription is answered over a WebSocket, or where {EVENTS} is accepted."
                    raise RequestError(406, message) from error
            else:
                status = 500 if answer.ours else 200 if answer.run else self._status_of_refusal(media)
                codings = header(scope, b"accept-encoding")
                coding = coding_of(codings.decode("latin-1")) if codings else None
                return WholeAnswer(answer.body, status, media, coding)
        allowed = (*_ALLOWED[method], OperationType.SUBSCRIPTION)
        return EventStream(self._event_streams, parameters, credential, asker, request_id, allowed)
