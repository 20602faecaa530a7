"""What an operation costs at most, counted before anything is asked for.

One for each value that the answer may hold, more for what takes longer: a key that the back office is asked
for, and what a field says of itself. Lists inside lists multiply: four of them with `first: 100` each are a
hundred million items, in a document of a few lines that few calls to the back office answer.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from execution.documents import Operation
from execution.reading import BATCH
from resolvers.nodes import MAXIMUM_IDS
from resolvers.paging import DEFAULT_FIRST, MAXIMUM_FIRST
from schema.fields import COST

MOST_COUNTS = 100
"""Counts that are kept of one operation."""

WHOLE_LIST = 5
"""What a list without `first` is taken for: most hold fewer, some more."""

RELATION = 10
"""What a relation costs more for each object: a key that the back office looks up."""


class Cost(NamedTuple):
    """What an operation costs at most, and what it may."""

    node: OperationDefinitionNode
    figure: int
    limit: int

    def excess(self) -> GraphQLError | None:
        """The error that names both, where it may cost more than it may."""
        if self.figure <= self.limit:
            return None
        return GraphQLError(
            f"The operation may cost {self.figure}; the limit is {self.limit}. Lists in lists multiply: "
            "ask for fewer items ('first'), or for the inner ones by another request.",
            self.node,
        )

    def told(self) -> dict[str, int]:
        """As `extensions.cost` of an answer."""
        return {"requested": self.figure, "limit": self.limit}


def _own_cost(field: GraphQLField) -> int:
    """What a field costs beside the values in it, for each object."""
    definition = field.extensions.get("strawberry-definition")
    metadata = definition.metadata if definition is not None else {}
    return int(metadata.get(COST, RELATION if BATCH in metadata else 0))


class _Count:
    """Counts the cost of selections. `size` is how many items a list in them has."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._spreads: dict[tuple[str, int], int] = {}
        self.read: set[str] = set()
        """The variables that the count depends on."""

    def of(self, parent: Any, selection_set: SelectionSetNode | None, size: int = WHOLE_LIST) -> int:
        return sum(self._one(parent, node, size) for node in selection_set.selections) if selection_set else 0

    def _one(self, parent: Any, node: SelectionNode, size: int) -> int:
        if isinstance(node, FieldNode):
            return self._field(parent, node, size)
        if isinstance(node, FragmentSpreadNode):
            known = (node.name.value, size)
            if known not in self._spreads:
                self._spreads[known] = self._inside(parent, self._fragments[node.name.value], size)
            return self._spreads[known]
        return self._inside(parent, node, size)

    def _inside(self, parent: Any, fragment: Any, size: int) -> int:
        condition = fragment.type_condition
        inner = self._schema.type_map[condition.name.value] if condition else parent
        return self.of(inner, fragment.selection_set, size)

    def _field(self, parent: Any, node: FieldNode, size: int) -> int:
        field = self._schema.get_field(parent, node.name.value)
        if field is None:  # introspection of a type that has no fields
            return 1
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        inner = WHOLE_LIST
        if "first" in field.args:
            inner = _bounded(self._value(given.get("first")), DEFAULT_FIRST, MAXIMUM_FIRST)
        elif "ids" in field.args:
            size = _bounded(self._value(given.get("ids")), MAXIMUM_IDS, MAXIMUM_IDS)
        elif parent.name == "__Schema" and node.name.value == "types":
            size = len(self._schema.type_map)
        values = 1 + _own_cost(field) + self.of(get_named_type(field.type), node.selection_set, inner)
        return values * size if is_list_type(get_nullable_type(field.type)) else values

    def _value(self, node: Any) -> Any:
        """An argument's number, or how many items it holds."""
        if isinstance(node, VariableNode):
            self.read.add(node.name.value)
            found = self._variables.get(node.name.value)
            return len(found) if isinstance(found, list) else found
        if isinstance(node, ListValueNode):
            return len(node.values)
        return int(node.value) if isinstance(node, IntValueNode) else None


def _bounded(value: Any, default: int, most: int) -> int:
    """What is out of bounds is refused where it is used."""
    return max(0, min(int(value), most)) if isinstance(value, int | float) else default


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }


class _Counted:
    """Counts of one operation, by the values of the variables that they depend on."""

    def __init__(self) -> None:
        self.read: tuple[str, ...] | None = None
        self.by_values: dict[tuple[Any, ...], Cost] = {}

    def values(self, variables: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What the count depends on; None as long as that isn't known."""
        if not self.read:
            return self.read  # nothing, or not known
        found = [variables.get(name) for name in self.read]
        return tuple(
            len(each) if isinstance(each, list) else each if isinstance(each, int | float) else None
            for each in found
        )


class Costs:
    """Costs of operations, of which none may cost more than `limit`. An operation is counted once."""

    def __init__(self, schema: GraphQLSchema, *, limit: int) -> None:
        self._schema = schema
        self._limit = limit
        self._counted: WeakKeyDictionary[Operation, _Counted] = WeakKeyDictionary()

    def of(self, operation: Operation, variables: Mapping[str, Any] | None) -> Cost:
        """What it costs with these variables, right ones or wrong ones."""
        counted = self._counted.get(operation)
        if counted is None:
            counted = self._counted[operation] = _Counted()
        values = counted.values(variables or {})
        cost = counted.by_values.get(values) if values is not None else None
        return cost or self._count(operation, counted, variables or {})

    def _count(self, operation: Operation, counted: _Counted, variables: Mapping[str, Any]) -> Cost:
        fragments = {
            each.name.value: each
            for each in operation.document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        counting = _Count(self._schema, fragments, {**_defaults(operation.node), **variables})
        root = self._schema.get_root_type(operation.kind)
        cost = Cost(operation.node, counting.of(root, operation.node.selection_set), self._limit)
        counted.read = tuple(sorted(counting.read))
        values = counted.values(variables)
        if values is not None and len(counted.by_values) < MOST_COUNTS:
            counted.by_values[values] = cost
        return cost
