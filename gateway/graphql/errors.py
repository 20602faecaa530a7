"""What a caller is told of an error: what they can act on, and an id to find the rest in the log."""

import logging
from typing import Any

from graphql import GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError

from connectors.errors import NotAsked, UpstreamError
from resolvers.errors import Forbidden, InputError, MissingScope

log = logging.getLogger("leasegraph.graphql")

MASKED = "Something went wrong on our side. Tell us the requestId, please."


def formatted(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """The error as the specification's map, with `extensions {code, upstream, requestId}`; logged here."""
    told: dict[str, Any] = {"message": error.message}
    if error.locations:
        told["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        told["path"] = error.path
    extensions: dict[str, Any] = {}
    cause = _cause(error)
    if isinstance(cause, UpstreamError):
        told["message"] = str(cause)
        extensions = {"code": cause.code, "upstream": cause.system}
        said = {"path": error.path, "why": repr(cause.__cause__ or cause)}
        if (status := getattr(cause, "status", None)) is not None:
            said["status"] = status
        level = logging.DEBUG if isinstance(cause, NotAsked) else logging.WARNING  # told when that began
        log.log(level, "upstream error", extra={**extensions, **said})
    elif isinstance(cause, InputError):
        extensions = {"code": cause.code, "argument": cause.argument}
    elif isinstance(cause, MissingScope):
        extensions = {"code": cause.code, "scope": cause.scope}
    elif isinstance(cause, Forbidden):
        extensions = {"code": cause.code}
    elif cause is None or isinstance(cause, StrawberryInputCoercionError):
        extensions = {"code": _own_code(error)}
    elif isinstance(cause, RecursionError) and error.path is None:
        told["message"] = "The document is nested too deeply."
        extensions = {"code": "GRAPHQL_PARSE_FAILED"}
    else:
        told["message"] = MASKED
        extensions = {"code": "INTERNAL"}
        log.error("internal error", exc_info=cause, extra={"path": error.path})
    told["extensions"] = {**extensions, "requestId": request_id}
    return told


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception behind it; None for what graphql-core itself says of the document."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _own_code(error: GraphQLError) -> str:
    if type(error).__name__ == "GraphQLSyntaxError":
        return "GRAPHQL_PARSE_FAILED"
    return "BAD_USER_INPUT" if error.original_error is not None else "GRAPHQL_VALIDATION_FAILED"
