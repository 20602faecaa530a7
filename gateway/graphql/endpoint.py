"""The endpoint `/graphql`: one operation a request, read, run, and answered."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.requests import Request
from starlette.responses import Response

from connectors import deadline
from execution.documents import Document, Documents, Operation
from execution.engine import Engine
from gateway.graphql.answer_size import AnswerSizes
from gateway.graphql.errors import formatted
from gateway.graphql.media import GRAPHQL, JSON, negotiate
from gateway.graphql.parameters import Parameters, RequestError, read
from gateway.reading_audit import ReadingAudit
from resolvers.operation import Operations
from resolvers.viewer import Asker

_encode = msgspec.json.Encoder().encode

_ALLOWED = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}


_PLURALS = {
    OperationType.QUERY: "Queries",
    OperationType.MUTATION: "Mutations",
    OperationType.SUBSCRIPTION: "Subscriptions",
}


class GraphQLEndpoint:
    """Runs GraphQL operations.

    `asker_of` says who asks; it may raise RequestError. `request_timeout` is in seconds.
    """

    def __init__(
        self,
        documents: Documents,
        sizes: AnswerSizes,
        engine: Engine,
        operations: Operations,
        asker_of: Callable[[Request], Awaitable[Asker | None]],
        audit: ReadingAudit,
        *,
        max_body_bytes: int,
        request_timeout: float,
    ) -> None:
        self._documents = documents
        self._sizes = sizes
        self._engine = engine
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
        document = self._documents.read(parameters.query)
        if document.syntax_errors:
            result = ExecutionResult(None, document.syntax_errors)
        else:
            operation = _chosen(document, parameters.operation_name, method)
            try:
                self._check(document, operation, parameters)
                context = self._operations.begin(asker, request_id)
                result = await self._engine.execute(operation, parameters.variables, context)
            except _Refused as refused:
                result = ExecutionResult(None, refused.errors)
            except RecursionError as error:
                result = ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
            except Exception as error:  # ours: it would be a lie to call the request bad
                masked = formatted(GraphQLError(str(error), original_error=error), request_id)
                return _response({"errors": [masked]}, 500, media)
            else:
                await self._audit.record(context)
        answer: dict[str, Any] = {}
        if result.errors:
            answer["errors"] = [formatted(error, request_id) for error in result.errors]
            if result.data is None and all(error.path is None for error in result.errors):
                # Nothing was run: the request is at fault. Only the newer media type says so by status.
                return _response(answer, 400 if media == GRAPHQL else 200, media)
        answer["data"] = result.data
        return _response(answer, 200, media)

    def _check(self, document: Document, operation: Operation, parameters: Parameters) -> None:
        """Raises _Refused for what must not be run."""
        if parameters.operation_name is None and len(document.operations) > 1:
            found = [each.node for each in document.operations]
            message = f"The document holds {len(found)} operations: 'operationName' must say which."
            raise _Refused([GraphQLError(message, found)])
        if document.errors:
            raise _Refused(document.errors)
        try:
            self._sizes.check(operation, parameters.variables)
        except GraphQLError as error:
            raise _Refused([error]) from error


class _Refused(Exception):
    """A document or operation that is not run."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


def _chosen(document: Document, name: str | None, method: str) -> Operation:
    """The operation that is asked for. Raises RequestError when there is none, or none for this method."""
    operation = document.operation(name)
    if operation is None:
        reason = "The document holds no operation." if name is None else f'Unknown operation named "{name}".'
        raise RequestError(400, reason, "OPERATION_NOT_FOUND")
    if operation.kind not in _ALLOWED[method]:
        raise RequestError(
            405, f"{_PLURALS[operation.kind]} are not allowed when using {method}.", headers={"Allow": "POST"}
        )
    return operation


def _response(
    answer: dict[str, Any], status: int, media: str, headers: dict[str, str] | None = None
) -> Response:
    told = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    return Response(_encode(answer), status, told, media_type=f"{media}; charset=utf-8")
