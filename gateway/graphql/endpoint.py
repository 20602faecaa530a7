"""The endpoint `/graphql`: one operation a request, read, run, and answered."""

from collections.abc import Awaitable, Callable

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import Response

from gateway.graphql.answers import refusal, response
from gateway.graphql.event_stream import EventStream, EventStreams
from gateway.graphql.media import EVENTS, GRAPHQL, JSON, accepts_events, negotiate
from gateway.graphql.parameters import RequestError, read
from gateway.graphql.running import NotAllowed, Runner
from gateway.identity import Credential
from resolvers.viewer import Asker

_ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}
_STREAMED = frozenset({OperationType.SUBSCRIPTION})


class GraphQLEndpoint:
    """Answers GraphQL operations over HTTP, subscriptions and whatever else is asked so as event streams.

    `admission` says by what somebody asks, and who; it may raise RequestError.
    """

    def __init__(
        self,
        runner: Runner,
        event_streams: EventStreams,
        admission: Callable[[Request], Awaitable[tuple[Credential, Asker | None]]],
        *,
        max_body_bytes: int,
    ) -> None:
        self._runner = runner
        self._event_streams = event_streams
        self._admission = admission
        self._max_body_bytes = max_body_bytes

    async def __call__(self, request: Request) -> Response:
        """The answer, whatever comes: a request that isn't one gets a 4xx with an error in GraphQL's form."""
        media = negotiate(request.headers.get("accept"))
        try:
            return await self._answer(request, media)
        except RequestError as error:
            return refusal(error, request.state.request_id, media or JSON)

    async def _answer(self, request: Request, media: str | None) -> Response:
        events = accepts_events(request.headers.get("accept"))
        # HEAD is GET of which uvicorn leaves out the body (RFC 9110, section 9.3.2)
        method = "GET" if request.method == "HEAD" else request.method
        if media is None and (not events or request.method == "HEAD"):
            raise RequestError(406, f"The answer can be {GRAPHQL}, {JSON} or {EVENTS}.")
        if method not in _ALLOWED:
            raise RequestError(
                405, "Only GET, HEAD and POST are allowed.", headers={"Allow": "GET, HEAD, POST"}
            )
        parameters = await read(request, self._max_body_bytes)
        credential, asker = await self._admission(request)
        request_id: str = request.state.request_id
        if media is not None:
            try:
                answer = await self._runner.run(
                    parameters, asker, request_id, _ALLOWED[method], receive=request.receive
                )
            except NotAllowed as error:
                if error.kind is not OperationType.SUBSCRIPTION:
                    message = f"Mutations are not allowed when using {method}."
                    raise RequestError(405, message, headers={"Allow": "POST"}) from error
                if not events or request.method == "HEAD":
                    message = f"A subscription is answered over a WebSocket, or where {EVENTS} is accepted."
                    raise RequestError(406, message) from error
            else:
                # Where nothing was run the request is at fault. Only the newer media type says so by status.
                bad = not answer.run and media == GRAPHQL
                return response(answer.body, 500 if answer.ours else 400 if bad else 200, media)
        allowed = _ALLOWED[method] | _STREAMED
        return EventStream(self._event_streams, parameters, credential, asker, request_id, allowed)
