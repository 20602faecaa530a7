"""The endpoint `/graphql`: one operation a request, read, run, and answered."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from connectors import deadline
from gateway.graphql.errors import formatted
from gateway.graphql.media import GRAPHQL, JSON, negotiate
from gateway.graphql.parameters import Parameters, RequestError, read
from gateway.reading_audit import ReadingAudit
from resolvers.operation import Operations
from resolvers.viewer import Asker
from schema.build import Schema

_encode = msgspec.json.Encoder().encode

_ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}


class GraphQLEndpoint:
    """Runs GraphQL operations.

    `asker_of` says who asks; it may raise RequestError. `request_timeout` is in seconds.
    """

    def __init__(
        self,
        schema: Schema,
        operations: Operations,
        asker_of: Callable[[Request], Awaitable[Asker | None]],
        audit: ReadingAudit,
        *,
        max_body_bytes: int,
        request_timeout: float,
    ) -> None:
        self._schema = schema
        self._operations = operations
        self._asker_of = asker_of
        self._audit = audit
        self._max_body_bytes = max_body_bytes
        self._request_timeout = request_timeout

    async def __call__(self, request: Request) -> Response:
        """The answer, whatever comes: a request that isn't one gets a 4xx with an error in GraphQL's form."""
        media = negotiate(request.headers.get("accept"))
        request_id: str = request.state.request_id
        try:
            if media is None:
                raise RequestError(406, f"The answer can be {GRAPHQL} or {JSON}.")
            # HEAD is GET of which uvicorn leaves out the body (RFC 9110, section 9.3.2)
            method = "GET" if request.method == "HEAD" else request.method
            if method not in _ALLOWED:
                raise RequestError(
                    405, "Only GET, HEAD and POST are allowed.", headers={"Allow": "GET, HEAD, POST"}
                )
            parameters = await read(request, self._max_body_bytes)
            asker = await self._asker_of(request)
            with deadline.within(self._request_timeout):
                return await self._run(method, media, parameters, asker, request_id)
        except RequestError as error:
            told = error.told(request_id)
            return _response({"errors": [told]}, error.status, media or JSON, error.headers)

    async def _run(
        self, method: str, media: str, parameters: Parameters, asker: Asker | None, request_id: str
    ) -> Response:
        operation = self._operations.begin(asker, request_id)
        try:
            result = await self._schema.execute(
                parameters.query,
                variable_values=parameters.variables,
                context_value=operation,
                operation_name=parameters.operation_name,
                allowed_operation_types=_ALLOWED[method],
            )
        except MissingQueryError as error:
            raise RequestError(400, "The parameter 'query' is missing.") from error
        except CannotGetOperationTypeError as error:
            raise RequestError(400, error.as_http_error_reason(), "OPERATION_NOT_FOUND") from error
        except InvalidOperationTypeError as error:
            reason = error.as_http_error_reason(method)
            raise RequestError(405, f"{reason.capitalize()}.", headers={"Allow": "POST"}) from error
        await self._audit.record(operation)
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [formatted(error, request_id) for error in result.errors]
            if result.data is None and all(error.path is None for error in result.errors):
                # Nothing was run: the request is at fault. Only the newer media type says so by status.
                return _response(answer, 400 if media == GRAPHQL else 200, media)
        answer["data"] = result.data
        return _response(answer, 200, media)


def _response(
    answer: dict[str, Any], status: int, media: str, headers: dict[str, str] | None = None
) -> Response:
    told = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    return Response(_encode(answer), status, told, media_type=f"{media}; charset=utf-8")
