"""Running one operation, whatever it came by: in time, audited, its errors as callers may see them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types.graphql import OperationType

from connectors import deadline
from gateway.graphql.errors import formatted
from gateway.graphql.parameters import Parameters, RequestError
from gateway.reading_audit import ReadingAudit
from resolvers.operation import Operations
from resolvers.viewer import Asker
from schema.build import Schema


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is the answer as JSON's types; where nothing was run it has no `data`, and the document or its
    variables are at fault."""

    body: dict[str, Any]

    @property
    def run(self) -> bool:
        """Whether anything was."""
        return "data" in self.body


class Runner:
    """Runs operations. `request_timeout` is in seconds, for each."""

    def __init__(
        self, schema: Schema, operations: Operations, audit: ReadingAudit, request_timeout: float
    ) -> None:
        self._schema = schema
        self._operations = operations
        self._audit = audit
        self._request_timeout = request_timeout

    async def run(
        self,
        parameters: Parameters,
        asker: Asker | None,
        request_id: str,
        allowed: Collection[OperationType],
        root: object = None,
    ) -> Answer:
        """One operation with loaders of its own; `root` is the source of its root fields.

        Raises RequestError, and InvalidOperationTypeError where it is of a type that isn't allowed.
        """
        operation = self._operations.begin(asker, request_id)
        with deadline.within(self._request_timeout):
            try:
                result = await self._schema.execute(
                    parameters.query,
                    variable_values=parameters.variables,
                    context_value=operation,
                    root_value=root,
                    operation_name=parameters.operation_name,
                    allowed_operation_types=allowed,
                )
            except MissingQueryError as error:
                raise RequestError(400, "The parameter 'query' is missing.") from error
            except CannotGetOperationTypeError as error:
                raise RequestError(400, error.as_http_error_reason(), "OPERATION_NOT_FOUND") from error
            await self._audit.record(operation)
        body: dict[str, Any] = {}
        if result.errors:
            body["errors"] = [formatted(error, request_id) for error in result.errors]
            if result.data is None and all(error.path is None for error in result.errors):
                return Answer(body)
        body["data"] = result.data
        return Answer(body)
