"""A compiled query: what runs for one operation of a document and one set of @skip and @include."""

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import strawberry
from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from execution.certain import Certain, nothing
from execution.columns import columns_of
from execution.completion import Pending
from execution.concurrency import settled
from execution.field import Field
from execution.leaves import Written
from execution.nulling import nulled
from execution.places import Root
from execution.reading import reading_of
from execution.run import Run
from execution.selection import Selection

_ROOT = Root()
_NO_SOURCES: Mapping[str, Hashable] = MappingProxyType({})


class Unplanned(Exception):
    """An operation that graphql-core must run; the text says why."""


def flags_of(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables that @skip and @include of an operation read.

    Raises Unplanned for what plans don't do: other operations than queries, directives other than these two,
    and fragments with variables.
    """
    if operation.operation is not OperationType.QUERY:
        raise Unplanned(f"it is a {operation.operation.value}")
    if operation.directives:
        raise Unplanned("it has directives")
    found: set[str] = set()
    stack: list[SelectionSetNode] = [operation.selection_set]
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            if definition.variable_definitions or definition.directives:
                raise Unplanned(f"the fragment {definition.name.value} has variables or directives")
            stack.append(definition.selection_set)
    while stack:
        for node in stack.pop().selections:
            for directive in node.directives or ():
                found.update(_flags(directive))
            inner: SelectionSetNode | None = getattr(node, "selection_set", None)
            if inner is not None:
                stack.append(inner)
    return tuple(sorted(found))


def _flags(directive: DirectiveNode) -> list[str]:
    if directive.name.value not in ("skip", "include"):
        raise Unplanned(f"it uses @{directive.name.value}")
    values = [argument.value for argument in directive.arguments or ()]
    return [value.name.value for value in values if isinstance(value, VariableNode)]


class Plan:
    """A compiled operation. Selections are compiled when the first object of their type comes by.

    `flags` are the values of the variables that @skip and @include read; `written` and `certain`: see there.
    `columns` are the attributes that it reads of objects, by what `sources` has for the names of their types.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        owner: strawberry.Schema | None,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        flags: VariableValues,
        written: Written,
        sources: Mapping[str, Hashable] = _NO_SOURCES,
        certain: Certain = nothing,
    ) -> None:
        self._certain = certain
        self.schema = schema
        self.owner = owner
        self.operation = operation
        self.fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._fragments = {name: FragmentDetails(each) for name, each in self.fragments.items()}
        self._flags = flags
        self.written = written
        self._selections: dict[tuple[str, tuple[int, ...]], Selection] = {}
        query = schema.query_type
        if query is None:
            raise Unplanned("the schema has no queries")
        fields = collect_fields(schema, self._fragments, flags, query, operation).grouped_field_set
        self._root = self._compiled(query, fields)
        self.columns = columns_of(self, flags, sources) if sources else None

    async def execute(self, root: Any, context: Any, variables: VariableValues) -> ExecutionResult:
        """The result, as graphql-core would give it."""
        run = Run(self, root, context, variables)
        pending: Pending = []
        (row,) = self._root.rows(run, [root], _ROOT, pending)
        if pending:
            await settled(pending)
        if not run.failed:
            data: Any = row
            return ExecutionResult(data, None)
        return nulled(run, self._root, row)

    def prepare(self) -> None:
        """Compiles every selection now, each possible type's where a field has an abstract one."""
        done: set[int] = set()
        waiting = [self._root]
        while waiting:
            selection = waiting.pop()
            if id(selection) in done:
                continue
            done.add(id(selection))
            selection.prepare()
            for field in selection.fields.values():
                if field is not None:
                    named = get_named_type(field.definition.type)
                    waiting += [field.selection(each) for each in self.possible(named)]

    def possible(self, named: GraphQLNamedType) -> Sequence[GraphQLObjectType]:
        """The types that objects of a type may have."""
        if isinstance(named, GraphQLObjectType):
            return (named,)
        return self.schema.get_possible_types(named) if is_abstract_type(named) else ()

    def selection(self, named: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        """What the merged nodes of a field ask of objects of a type."""
        known = named.name, tuple(id(each.node) for each in details)
        if known not in self._selections:
            collected = collect_subfields(
                self.schema, self._fragments, self._flags, self.operation, named, details
            )
            self._selections[known] = self._compiled(named, collected.grouped_field_set)
        return self._selections[known]

    def shown(self, variables: VariableValues) -> Any:
        """What resolvers see as variables: Strawberry shows its own their values only."""
        return variables if self.owner is None else variables.coerced

    def _compiled(self, named: GraphQLObjectType, grouped: dict[str, list[FieldDetails]]) -> Selection:
        fields: dict[str, Field | None] = {}
        for key, details in grouped.items():
            name = details[0].node.name.value
            definition = self.schema.get_field(named, name)
            if name == "__typename":
                fields[key] = None
            elif definition is not None:
                fields[key] = Field(
                    self, named, key, details, definition, reading_of(definition, self.owner), len(fields)
                )
        return Selection(named, fields, self._certain)
