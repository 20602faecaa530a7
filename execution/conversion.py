"""Arguments as graphql-core gives them made those of a Strawberry resolver, by what is prepared for a field.

Says the same as Strawberry's `convert_arguments`: leaves stay as they are, lists are new ones, input objects
become instances. What is converted in another way is left to that function.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

import strawberry
from strawberry.relay import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.types.unset import UNSET

Convert = Callable[[Any], Any]


class _Unprepared(Exception):
    """A type that Strawberry is to convert."""


class Conversion:
    """What makes the arguments of one field."""

    def __init__(self, field: StrawberryField, owner: strawberry.Schema) -> None:
        self._field = field
        self._owner = owner
        self._arguments: list[tuple[str, str, Convert | None]] | None
        name_of = owner.config.name_converter.from_argument
        made = _Made(owner)
        try:
            self._arguments = [
                (name_of(each), each.python_name, made.convert(each.type)) for each in field.arguments
            ]
        except _Unprepared:
            self._arguments = None

    def __call__(self, given: Mapping[str, Any], info: Callable[[], Any]) -> dict[str, Any]:
        """Arguments as the resolver gets them; `info` makes Strawberry's info, where it is needed."""
        if self._arguments is None:
            registry = self._owner.schema_converter.scalar_registry
            return convert_arguments(dict(given), self._field.arguments, registry, self._owner.config, info())
        return {
            python_name: given[name] if convert is None else convert(given[name])
            for name, python_name, convert in self._arguments
            if name in given
        }


class _Made:
    """Makes functions that convert values of types; None where values stay as they are."""

    def __init__(self, owner: strawberry.Schema) -> None:
        self._owner = owner
        self._inputs: dict[Any, _Input] = {}

    def convert(self, shape: Any) -> Convert | None:
        """Raises _Unprepared."""
        if isinstance(shape, StrawberryMaybe) or shape is GlobalID:
            raise _Unprepared
        if isinstance(shape, StrawberryOptional):
            return self.convert(shape.of_type)
        if isinstance(shape, LazyType):
            return self.convert(shape.resolve_type())
        if isinstance(shape, StrawberryList):
            return _of_list(self.convert(shape.of_type))
        if isinstance(shape, StrawberryEnumDefinition) or has_enum_definition(shape):
            return None
        if is_scalar(shape, self._owner.schema_converter.scalar_registry):
            return None
        if not has_object_definition(shape):
            raise _Unprepared
        if shape not in self._inputs:
            self._inputs[shape] = _Input(shape, self._owner, self)
        return self._inputs[shape]


def _of_list(convert: Convert | None) -> Convert:
    def converted(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        return list(value) if convert is None else [convert(each) for each in value]

    return converted


class _Input:
    """Makes instances of an input type."""

    def __init__(self, cls: Any, owner: strawberry.Schema, made: _Made) -> None:
        definition = cls.__strawberry_definition__
        if definition.from_input is not None or not definition.is_input:
            raise _Unprepared
        self._cls = cls
        self._absent = {
            each.python_name: None
            for each in definition.fields
            if each.default_value is MISSING and each.default_factory is MISSING
        }
        name_of = owner.config.name_converter.from_field
        made._inputs[cls] = self  # before its fields, which may be of its own type
        self._fields = [
            (name_of(each), each.python_name, made.convert(each.resolve_type(type_definition=definition)))
            for each in definition.fields
        ]

    def __call__(self, value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        given = dict(self._absent)
        for name, python_name, convert in self._fields:
            if name in value:
                found = value[name]
                given[python_name] = found if convert is None else convert(found)
        return self._cls(**given)
