"""Running one operation, whatever it came by: in time, audited, its errors as callers may see them."""

import asyncio
from collections.abc import Collection
from contextlib import nullcontext
from typing import Any, NamedTuple

from graphql import ExecutionResult, GraphQLError, OperationType
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from connectors import columns, deadline
from execution.documents import Document, Operation
from execution.engine import Engine
from gateway.graphql.cost import Cost, Costs
from gateway.graphql.errors import formatted
from gateway.graphql.hanging_up import Clients, to_its_end
from gateway.graphql.parameters import Parameters, RequestError
from gateway.graphql.staleness import told
from gateway.graphql.trusted import RequestedDocuments
from gateway.graphql.under_way import UnderWay
from gateway.metrics import Metrics
from gateway.reading_audit import ReadingAudit
from resolvers.operation import Operations
from resolvers.viewer import Asker

_QUERY, _MUTATION = OperationType.QUERY, OperationType.MUTATION  # to look them up in a class takes longer


class Answer(NamedTuple):
    """`body` is the answer as JSON's types; where nothing was run it has no `data`: the document or its
    variables are at fault, or we are where it is `ours`."""

    body: dict[str, Any]
    ours: bool = False

    @property
    def run(self) -> bool:
        """Whether anything was."""
        return "data" in self.body


class NotAllowed(Exception):
    """An operation of this type isn't asked for so."""

    def __init__(self, kind: OperationType) -> None:
        super().__init__(kind)
        self.kind = kind


class _Refused(Exception):
    """A document or operation that is not run."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


class Runner:
    """Runs operations. `request_timeout` is in seconds, for each."""

    def __init__(
        self,
        documents: RequestedDocuments,
        costs: Costs,
        engine: Engine,
        operations: Operations,
        audit: ReadingAudit,
        metrics: Metrics,
        under_way: UnderWay,
        *,
        request_timeout: float,
    ) -> None:
        self._documents = documents
        self._costs = costs
        self._engine = engine
        self._operations = operations
        self._audit = audit
        self._metrics = metrics
        self._under_way = under_way
        self._request_timeout = request_timeout
        self._clients = Clients()

    async def run(
        self,
        parameters: Parameters,
        asker: Asker | None,
        request_id: str,
        allowed: Collection[OperationType],
        root: object = None,
        receive: Receive | None = None,
    ) -> Answer:
        """One operation with loaders of its own; `root` is the source of its root fields.

        It ends when it is cancelled or, where `receive` tells of its client, when that hangs up; but a
        mutation that has begun runs to its end. Raises RequestError, NotAllowed where it is of a type that
        isn't allowed, and ClientDisconnect.
        """
        with deadline.within(self._request_timeout), self._metrics.operation() as measured:
            cost: Cost | None = None
            document = self._documents.of(parameters)
            if document.syntax_errors:
                measured.kind = "unknown"
                result, context = ExecutionResult(None, document.syntax_errors), None
            else:
                operation = _chosen(document, parameters.operation_name, allowed)
                measured.kind = operation.kind_name
                query = operation.kind is _QUERY
                context = self._operations.begin(asker, request_id, cached=query)
                try:
                    _check(document, parameters)
                    cost = self._costs.of(operation, parameters.variables)
                    if (excess := cost.excess()) is not None:
                        raise _Refused([excess])
                    if operation.kind is _MUTATION:
                        result = await to_its_end(
                            self._engine.execute(operation, parameters.variables, context, root)
                        )
                    else:
                        # What a tool reads is audited by class of record: it is whole.
                        asked = None if context.viewer is None else columns.asked
                        given = operation, parameters.variables, context, root, asked
                        turn = self._under_way.taking(cost.figure) if query else None
                        with nullcontext() if receive is None else self._clients.connected(receive):
                            if turn is None:
                                result = await self._engine.execute(*given)
                            else:
                                async with turn:
                                    result = await self._engine.execute(*given)
                except (asyncio.CancelledError, ClientDisconnect):
                    context.abandon()
                    raise
                except _Refused as refused:
                    result = ExecutionResult(None, refused.errors)
                except RecursionError as error:
                    result = ExecutionResult(None, [GraphQLError(str(error), original_error=error)])
                except Exception as error:  # ours: it would be a lie to call the request bad
                    measured.outcome = "failed"
                    masked = formatted(GraphQLError(str(error), original_error=error), request_id)
                    return Answer({"errors": [masked]}, ours=True)
                else:
                    if context.readings is not None:
                        await self._audit.record(context)
            measured.outcome = _outcome(result)
        body: dict[str, Any] = {}
        if cost is not None and parameters.extensions and parameters.extensions.get("cost") is True:
            body["extensions"] = {"cost": cost.told()}
        if result.errors:
            body["errors"] = [formatted(error, request_id) for error in result.errors]
            if result.data is None and all(error.path is None for error in result.errors):
                return Answer(body)
        body["data"] = result.data
        if context is not None and context.asking is not None and context.asking.stand_ins:
            body.setdefault("extensions", {})["stale"] = told(context.asking.stand_ins.values())
        return Answer(body)


def _check(document: Document, parameters: Parameters) -> None:
    """Raises _Refused for what must not be run."""
    if parameters.operation_name is None and len(document.operations) > 1:
        found = [each.node for each in document.operations]
        message = f"The document holds {len(found)} operations: 'operationName' must say which."
        raise _Refused([GraphQLError(message, found)])
    if document.errors:
        raise _Refused(document.errors)


def _outcome(result: ExecutionResult) -> str:
    """As the metrics have it."""
    if not result.errors:
        return "ok"
    refused = result.data is None and all(error.path is None for error in result.errors)
    return "refused" if refused else "errors"


def _chosen(document: Document, name: str | None, allowed: Collection[OperationType]) -> Operation:
    """The operation that is asked for. Raises RequestError when there is none, or NotAllowed."""
    operation = document.operation(name)
    if operation is None:
        reason = "The document holds no operation." if name is None else f'Unknown operation named "{name}".'
        raise RequestError(400, reason, "OPERATION_NOT_FOUND")
    if operation.kind not in allowed:
        raise NotAllowed(operation.kind)
    return operation
