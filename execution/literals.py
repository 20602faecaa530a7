"""Literals of a query, read once: what runs for each request is only what depends on its variables.

Says the same as graphql-core's `get_argument_values`; where anything is wrong that is left to it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, cast

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from graphql.type import get_nullable_type
from graphql.utilities import coerce_input_literal
from graphql.utilities.coerce_input_value import coerce_default_value

IMMUTABLE = frozenset({type(None), bool, int, float, str, Decimal, date, datetime})
"""Classes of values that executions may share."""

Valued = Callable[[Mapping[str, Any]], Any]
"""The value of a literal with these variables; Undefined for a variable without one."""


class Unclear(Exception):
    """What graphql-core is to read, and to word the error of."""


def is_shared(value: Any) -> bool:
    """Whether executions may share a value."""
    return type(value) in IMMUTABLE or isinstance(value, Enum)


def has_variables(node: ValueNode) -> bool:
    """Whether a literal depends on variables."""
    if isinstance(node, ListValueNode):
        return any(has_variables(each) for each in node.values)
    if isinstance(node, ObjectValueNode):
        return any(has_variables(each.value) for each in node.fields)
    return isinstance(node, VariableNode)


def constant(node: ValueNode, shape: GraphQLInputType) -> Callable[[], Any]:
    """Makes the value of a literal without variables, Undefined where it is wrong.

    Who gets it may change it: lists and objects are new ones.
    """
    value = coerce_input_literal(node, shape)
    if value is Undefined or is_shared(value):
        return lambda: value
    if _is_copied(value):
        return lambda: _copied(value)
    return lambda: coerce_input_literal(node, shape)


def _is_copied(value: Any) -> bool:
    if value.__class__ is list:
        return all(map(_is_copied, value))
    if value.__class__ is dict:
        return all(map(_is_copied, value.values()))
    return is_shared(value)


def _copied(value: Any) -> Any:
    if value.__class__ is list:
        return [_copied(each) for each in value]
    if value.__class__ is dict:
        return {key: _copied(each) for key, each in value.items()}
    return value


class _Member(NamedTuple):
    """An argument, or a field of an input object. `default` is what it is without a value: Undefined if it is
    left out; Unclear if it may not be."""

    key: str
    valued: Valued
    default: Any


class Arguments:
    """The arguments of a field in a query."""

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        given = {each.name.value: each.value for each in node.arguments or ()}
        self.are_constant = not any(map(has_variables, given.values()))
        self._members: list[_Member] | None
        try:
            self._members = _members(definition.args, given)
        except Exception:  # Unclear, or of a value that is wrong
            self._members = None

    def __call__(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """As graphql-core gives them. Raises Unclear."""
        if self._members is None:
            raise Unclear
        return _values(self._members, variables)


def _members(
    definitions: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    given: Mapping[str, ValueNode],
) -> list[_Member]:
    found = []
    for name, each in definitions.items():
        default = default_of(each)
        node = given.get(name)
        if node is not None:
            found.append(_Member(each.out_name or name, _valued(node, each.type), default))
        elif default is Unclear:
            raise Unclear
        elif default is not Undefined:
            found.append(_Member(each.out_name or name, _missing, default))
    return found


def default_of(each: GraphQLArgument | GraphQLInputField) -> Any:
    """What it is without a value: Undefined if it is left out then, Unclear if it may not be."""
    default = coerce_default_value(each)
    return Unclear if default is Undefined and is_non_null_type(each.type) else default


def _missing(_variables: Mapping[str, Any]) -> Any:
    return Undefined


def _values(members: Iterable[_Member], variables: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for key, valued, default in members:
        value = valued(variables)
        if value is Undefined:
            if default is Undefined:
                continue
            if default is Unclear:
                raise Unclear
            value = default
        found[key] = value
    return found


def _valued(node: ValueNode, shape: GraphQLInputType) -> Valued:
    if isinstance(node, VariableNode):
        return _of_variable(node.name.value, shape)
    if not has_variables(node):
        value = constant(node, shape)
        if value() is Undefined:
            raise Unclear
        return lambda _variables: value()
    inner = get_nullable_type(shape)
    if is_list_type(inner):
        return _of_list(node, inner.of_type)
    if isinstance(node, ObjectValueNode) and is_input_object_type(inner) and not inner.is_one_of:
        return _of_object(node, inner)
    raise Unclear


def _of_variable(name: str, shape: GraphQLInputType) -> Valued:
    if not is_non_null_type(shape):
        return lambda variables: variables.get(name, Undefined)

    def valued(variables: Mapping[str, Any]) -> Any:
        value = variables.get(name, Undefined)
        if value is None:
            raise Unclear
        return value

    return valued


def _of_list(node: ValueNode, shape: GraphQLInputType) -> Valued:
    nodes = node.values if isinstance(node, ListValueNode) else (node,)
    items = [_valued(each, shape) for each in nodes]
    default = Unclear if is_non_null_type(shape) else None

    def valued(variables: Mapping[str, Any]) -> Any:
        found = [item(variables) for item in items]
        if any(each is Undefined for each in found):
            if default is Unclear:
                raise Unclear
            return [default if each is Undefined else each for each in found]
        return found

    return valued


def _of_object(node: ObjectValueNode, shape: GraphQLInputObjectType) -> Valued:
    given = {each.name.value: each.value for each in node.fields}
    if not given.keys() <= shape.fields.keys():
        raise Unclear
    members = _members(shape.fields, given)
    out = cast("Callable[[dict[str, Any]], Any]", shape.out_type)
    return lambda variables: out(_values(members, variables))
