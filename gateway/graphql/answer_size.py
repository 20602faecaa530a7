"""How many values an answer may hold, counted before anything of it is asked for.

Lists inside lists multiply: four of them with `first: 100` each are a hundred million items, in a document of
a few lines that few calls to the back office answer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_list_type,
)
from strawberry.extensions import SchemaExtension

from resolvers.nodes import MAXIMUM_IDS
from resolvers.paging import DEFAULT_FIRST, MAXIMUM_FIRST

WHOLE_LIST = 5
"""What a list without `first` is taken for: most hold fewer, some more."""


class _Count:
    """Counts values of selections. `size` is how many items a list in them has."""

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
        values = 1 + self.of(get_named_type(field.type), node.selection_set, inner)
        return values * size if is_list_type(get_nullable_type(field.type)) else values

    def _value(self, node: Any) -> Any:
        """An argument's number, or how many items it holds."""
        if isinstance(node, VariableNode):
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


class AnswerSizeLimiter(SchemaExtension):
    """Refuses an operation whose answer may hold more values than `most`."""

    def __init__(self, *, most: int) -> None:
        self._most = most

    def on_execute(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        operation = get_operation_ast(document, context._provided_operation_name) if document else None
        if document is not None and operation is not None:
            schema = context.schema._schema
            fragments = {
                each.name.value: each
                for each in document.definitions
                if isinstance(each, FragmentDefinitionNode)
            }
            variables = {**_defaults(operation), **(context.variables or {})}
            root = schema.get_root_type(operation.operation)
            count = _Count(schema, fragments, variables).of(root, operation.selection_set)
            if count > self._most:
                raise GraphQLError(
                    f"The answer may hold {count} values; the limit is {self._most}. Lists in lists "
                    "multiply: ask for fewer items ('first'), or for the inner ones by another request.",
                    operation,
                )
        yield
