"""The variables of one operation: their types are looked up once, their values coerced for every request."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from graphql import GraphQLError, GraphQLSchema, Undefined, VariableDefinitionNode
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values
from graphql.type import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.utilities import coerce_input_value

from execution.literals import Unclear, constant, default_of

_MOST_COERCION_ERRORS = 50


class Variables:
    """What an operation declares."""

    def __init__(self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._definitions = definitions
        found = [get_variable_signature(schema, each) for each in definitions]
        signatures = [each for each in found if not isinstance(each, GraphQLError)]
        self._declared: list[_Declared] | None = None
        if len(signatures) == len(found) and not any(_is_recursive(each.type) for each in signatures):
            with suppress(Exception):  # of a default that is wrong
                self._declared = [_Declared(each) for each in signatures]

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Their values; None where graphql-core is to say what is wrong with them."""
        if self._declared is None:
            slowly = get_variable_values(
                self._schema, self._definitions, dict(given), max_errors=_MOST_COERCION_ERRORS
            )
            return None if isinstance(slowly, list) else slowly
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        for each in self._declared:
            name = each.signature.name
            value = given.get(name, Undefined)
            if value is Undefined:
                sources[name] = VariableValueSource(each.signature)
                if each.default is not None:
                    found = each.default()
                elif each.is_required:
                    return None
                else:
                    continue
            else:
                sources[name] = VariableValueSource(each.signature, value)
                found = each.coerced(value)
            if found is Undefined:
                return None
            values[name] = found
        return VariableValues(sources, values)


class _Declared:
    """One variable. `default` makes its default value, where it has one."""

    def __init__(self, signature: GraphQLVariableSignature) -> None:
        self.signature = signature
        self.is_required = is_non_null_type(signature.type)
        self.default: Callable[[], Any] | None = None
        if signature.default is not None and signature.default.literal is not None:
            self.default = constant(signature.default.literal, signature.type)
        self._coerced = _coercion(signature.type)

    def coerced(self, value: Any) -> Any:
        """Its value from that of a request; Undefined where it is wrong."""
        try:
            return self._coerced(value)
        except Exception:  # graphql-core words it
            return Undefined


def _coercion(shape: GraphQLInputType) -> Callable[[Any], Any]:
    """As graphql-core's `coerce_input_value`, of one type: Undefined, or any exception, for a wrong value."""
    inner: Any = get_nullable_type(shape)
    if is_leaf_type(inner):
        coerced = inner.coerce_input_value
    elif is_list_type(inner):
        coerced = _list_coercion(inner)
    elif inner.is_one_of:
        return partial(coerce_input_value, type_=shape)
    else:
        coerced = _object_coercion(inner)
    null = Undefined if is_non_null_type(shape) else None

    def found(value: Any) -> Any:
        return null if value is None else coerced(value)

    return found


def _list_coercion(shape: GraphQLList[Any]) -> Callable[[Any], Any]:
    item = _coercion(shape.of_type)

    def coerced(value: Any) -> Any:
        if value.__class__ is not list:
            return coerce_input_value(value, shape)
        found = [item(each) for each in value]
        return Undefined if any(each is Undefined for each in found) else found

    return coerced


def _object_coercion(shape: GraphQLInputObjectType) -> Callable[[Any], Any]:
    fields = [
        (name, each.out_name or name, _coercion(each.type), default_of(each))
        for name, each in shape.fields.items()
    ]
    names = shape.fields.keys()

    def coerced(value: Any) -> Any:
        if value.__class__ is not dict or not names >= value.keys():
            return Undefined
        made = {}
        for name, out_name, coercion, default in fields:
            if name in value:
                found = coercion(value[name])
                if found is Undefined:
                    return Undefined
                made[out_name] = found
            elif default is Unclear:
                return Undefined
            elif default is not Undefined:
                made[out_name] = default
        return shape.out_type(made)

    return coerced


def _is_recursive(shape: GraphQLInputType, around: tuple[str, ...] = ()) -> bool:
    """Whether values may be nested without end, which graphql-core bounds."""
    named: Any = get_named_type(shape)
    if not is_input_object_type(named):
        return False
    if named.name in around:
        return True
    return any(_is_recursive(each.type, (*around, named.name)) for each in named.fields.values())
