"""Leaf values: coerced as graphql-core does, with a short way for what is right already.

`PLAIN` are the classes whose values need no look: neither None, nor an error, nor something to wait for.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from graphql.execution.executor import Executor
from graphql.pyutils import is_awaitable

PLAIN: set[type] = {
    bool, int, float, str, bytes, list, tuple, dict, set, frozenset, date, datetime, time, Decimal, UUID
}  # fmt: skip

_MOST_CLASSES = 5000
"""Bounds PLAIN, should classes be made at run time."""

Written: TypeAlias = Mapping[type, Callable[[Any], str]]
"""Classes whose values are put into text when the answer is written, and which text: what the function says.

A plan leaves them as they are to scalars that coerce with that very function. Where there are any, msgspec
writes the answer, and objects in it are structs (`execution.rows`).
"""

PURE: frozenset[Any] = frozenset({str, date.isoformat, datetime.isoformat})
"""Functions that never answer with None."""


class Awaited:
    """Stands in an answer where something is still to be waited for: a value, or an answer already `made`."""

    __slots__ = ("awaitable", "made")

    def __init__(self, awaitable: Any, *, made: bool = False) -> None:
        self.awaitable = awaitable
        self.made = made


def is_plain(value: object) -> bool:
    """Whether a value is neither None, nor an error, nor something to wait for; its class is remembered."""
    if value is None or value is Undefined or isinstance(value, BaseException) or is_awaitable(value):
        return False
    cls = type(value)
    if len(PLAIN) < _MOST_CLASSES and not hasattr(cls, "__getattr__"):
        PLAIN.add(cls)
    return True


def coerced(leaf: GraphQLLeafType, value: Any) -> Any:
    """The value as it goes into the answer. Raises what graphql-core raises."""
    return Executor.complete_leaf_value(leaf, value)


def enum_names(leaf: GraphQLEnumType) -> tuple[type[Enum], dict[str, str]] | None:
    """Of a GraphQL enum over a Python one: its class, and GraphQL names by Python names."""
    cls = getattr(leaf, "wrapped_cls", None)
    if not isinstance(cls, type) or not issubclass(cls, Enum):
        return None
    names = {}
    for member in cls.__members__.values():
        with suppress(Exception):
            names[member.name] = coerced(leaf, member)
    return cls, names


def snippet(
    leaf: GraphQLLeafType, value: str, number: int, names: dict[str, Any], written: Written
) -> list[str]:
    """Lines of Python that make the answer of the local variable `value`; `names` takes what they refer to.

    `s<number>(run, value)` is the long way, which the caller provides.
    """
    slow = f"{value} = s{number}(run, {value})"
    if leaf in (GraphQLString, GraphQLID):
        return [f"if {value}.__class__ is not str: {slow}"]
    if leaf is GraphQLInt:
        return [f"if {value}.__class__ is not int or not -2147483648 <= {value} <= 2147483647: {slow}"]
    if leaf is GraphQLBoolean:
        return [f"if {value}.__class__ is not bool: {slow}"]
    if isinstance(leaf, GraphQLEnumType):
        known = enum_names(leaf)
        if known is None:
            return [slow]
        names[f"e{number}"], table = known
        names[f"t{number}"] = table.get
        return [
            f"w = t{number}({value}._name_) if {value}.__class__ is e{number} else None",
            f"{value} = w or s{number}(run, {value})",
        ]
    coerce = _function(leaf)
    if coerce is None:
        return [slow]
    names[f"c{number}"] = coerce
    if coerce not in PURE:
        return [
            f"w = c{number}({value}) if {value}.__class__ in PLAIN else None",
            f"{value} = s{number}(run, {value}) if w is None or w is Undefined else w",
        ]
    lines = [f"if {value}.__class__ in PLAIN: {value} = c{number}({value})", f"else: {slow}"]
    left = left_as_they_are(leaf, written)
    for index, cls in enumerate(left):
        names[f"k{number}_{index}"] = cls
    unless = " and ".join(f"{value}.__class__ is not k{number}_{index}" for index in range(len(left)))
    return [f"if {unless}:", *(f"    {line}" for line in lines)] if left else lines


def left_as_they_are(leaf: GraphQLLeafType, written: Written) -> list[type]:
    """Classes of which a scalar type's values are their own answers, as its function is known."""
    coerce = _function(leaf)
    left: list[type] = [cls for cls, function in written.items() if function is coerce]
    return [*left, str] if coerce is str else left


def _function(leaf: GraphQLLeafType) -> Callable[[Any], Any] | None:
    """What a scalar type coerces with, where nothing stands around it."""
    function: Callable[[Any], Any] | None = leaf.__dict__.get("coerce_output_value")
    return function if isinstance(leaf, GraphQLScalarType) else None
