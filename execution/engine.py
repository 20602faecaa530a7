"""Runs operations: by their plans, or by graphql-core where a plan can't do it or isn't wanted."""

import inspect
import itertools
from collections.abc import Hashable, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

import strawberry
from graphql import ExecutionResult, GraphQLSchema, execute
from graphql.execution.values import VariableValues
from graphql.pyutils import is_awaitable
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.certain import Certain, nothing
from execution.columns import Columns
from execution.documents import MOST_WEIGHT, Operation
from execution.leaves import Written
from execution.plan import Plan, Unplanned, flags_of
from execution.remembering import Remembered
from execution.variables import Variables

_NONE = VariableValues({}, {})
_MOST_PREPARED = 16
"""Plans of one operation that are made beforehand: those of four flags."""
_EXECUTOR = StrawberryGraphQLCoreExecutionContext


class Engine:
    """Runs the operations of one schema.

    `compiled` is the switch: without it graphql-core runs everything. Both give the same results, but for
    values of the classes of `written` (see there). Plans are remembered, at most `most`, of documents of
    `most_weight` tokens in all. `sources`: see `execution.columns`; `certain`: see `execution.certain`.
    """

    def __init__(
        self,
        schema: strawberry.Schema | GraphQLSchema,
        *,
        compiled: bool = True,
        written: Written = MappingProxyType({}),
        sources: Mapping[str, Hashable] = MappingProxyType({}),
        certain: Certain = nothing,
        most: int = 1000,
        most_weight: int = MOST_WEIGHT,
    ) -> None:
        self._owner = schema if isinstance(schema, strawberry.Schema) else None
        self._schema: GraphQLSchema = schema._schema if isinstance(schema, strawberry.Schema) else schema
        self._compiled = compiled
        self._written = written
        self._sources = sources
        self._certain = certain
        self.plans: Remembered[tuple[Operation, tuple[object, ...]], Plan] = Remembered(most, most_weight)

    async def execute(
        self,
        operation: Operation,
        variables: dict[str, Any] | None,
        context: Any,
        root: Any = None,
        told: ContextVar[Columns | None] | None = None,
    ) -> ExecutionResult:
        """The result of an operation of a document without errors.

        For as long as it runs, `told` has the columns of its plan, where these are known.
        """
        if self._compiled and operation.unplanned is None:
            coerced = self._coerced(operation, variables)
            plan = None if coerced is None else self._plan(operation, coerced)
            if plan is not None and coerced is not None:
                if told is None or plan.columns is None:
                    return await plan.execute(root, context, coerced)
                token = told.set(plan.columns)
                try:
                    return await plan.execute(root, context, coerced)
                finally:
                    told.reset(token)
        return await self._by_graphql_core(operation, variables, context, root)

    def prepare(self, operation: Operation) -> None:
        """Makes the plans of an operation of a document without errors, and keeps them for good.

        Where there would be too many, as each flag doubles them, they are made when they are asked for.
        """
        if not self._compiled or operation.unplanned is not None:
            return
        try:
            flags = self._flags(operation)
            if 2 ** len(flags) > _MOST_PREPARED:
                return
            definitions = operation.node.variable_definitions or ()
            declared = [each for each in definitions if each.variable.name.value in flags]
            for known in itertools.product((False, True), repeat=len(flags)):
                variables = Variables(self._schema, declared).coerced(dict(zip(flags, known, strict=True)))
                if variables is not None:
                    plan = self._made(operation, variables)
                    plan.prepare()
                    self.plans.keep((operation, known), plan)
        except Unplanned as why:
            operation.unplanned = str(why)
        except RecursionError:
            operation.unplanned = "it is nested too deeply"

    def _coerced(self, operation: Operation, variables: dict[str, Any] | None) -> VariableValues | None:
        """The variables; None where graphql-core is to say what is wrong with them."""
        if not operation.node.variable_definitions:
            return _NONE
        if operation.variables is None:
            operation.variables = Variables(self._schema, operation.node.variable_definitions)
        return operation.variables.coerced(variables or {})

    def _made(self, operation: Operation, flags: VariableValues) -> Plan:
        return Plan(
            self._schema,
            self._owner,
            operation.document,
            operation.node,
            flags,
            self._written,
            self._sources,
            self._certain,
        )

    def _plan(self, operation: Operation, variables: VariableValues) -> Plan | None:
        """The plan for these variables, compiled when it is first asked for."""
        try:
            names = self._flags(operation)
            known = tuple([variables.coerced.get(name) for name in names])
            plan = self.plans.get((operation, known))
            if plan is not None:
                return plan
            if any(flag.__class__ is not bool for flag in known):
                return None  # an error that graphql-core words
            flags = VariableValues(
                {name: variables.sources[name] for name in names},
                {name: variables.coerced[name] for name in names},
            )
            plan = self._made(operation, flags)
        except Unplanned as why:
            operation.unplanned = str(why)
            return None
        except RecursionError:
            operation.unplanned = "it is nested too deeply"
            return None
        if not operation.is_passing:
            self.plans.put((operation, known), plan, operation.weight)
        return plan

    def _flags(self, operation: Operation) -> tuple[str, ...]:
        """The variables that choose its plan. Raises Unplanned."""
        if operation.flags is None:
            if self._is_extended:
                raise Unplanned("the schema has extensions")
            if self._owner is not None and self._owner.execution_context_class is not _EXECUTOR:
                raise Unplanned("the schema has an executor of its own")
            operation.flags = flags_of(operation.document, operation.node)
        return operation.flags

    @property
    def _is_extended(self) -> bool:
        """Whether Strawberry's own extensions and directives stand around every operation."""
        return self._owner is not None and bool(self._owner.extensions or self._owner.directives)

    async def _by_graphql_core(
        self, operation: Operation, variables: dict[str, Any] | None, context: Any, root: Any
    ) -> ExecutionResult:
        options: dict[str, Any] = {"is_awaitable": is_awaitable}
        if self._owner is not None and self._is_extended:
            given = {"variable_values": variables, "context_value": context, "root_value": root}
            text = operation.document.loc.source.body if operation.document.loc else None
            extended = await self._owner.execute(text, operation_name=operation.name, **given)
            return ExecutionResult(extended.data, extended.errors)
        if self._owner is not None:
            options = {
                "is_awaitable": optimized_is_awaitable,
                "executor_class": self._owner.execution_context_class,
            }
        result: Any = execute(
            self._schema,
            operation.document,
            root_value=root,
            context_value=context,
            variable_values=variables,
            operation_name=operation.name,
            **options,
        )
        finished: ExecutionResult = await result if inspect.isawaitable(result) else result
        return finished
