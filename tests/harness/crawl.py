"""Queries generated from the schema: everything below a type, to a depth."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from schema.build import build

SCHEMA: GraphQLSchema = build()._schema


def selection(named: GraphQLNamedType, depth: int, after: str = "") -> str:
    """All fields of a type: leaves, and objects down to `depth`; `after` goes into every list that has it.

    Fields of an interface's types are aliased by their type, since two may differ in nullability.
    """
    if isinstance(named, GraphQLInterfaceType):
        parts = [
            f"... on {each.name} {selection(each, depth, after)}" for each in SCHEMA.get_possible_types(named)
        ]
        return "{ __typename " + " ".join(parts) + " }"
    assert isinstance(named, GraphQLObjectType)
    parts = ["__typename"]
    for name, field in named.fields.items():
        if any(is_required_argument(argument) for argument in field.args.values()):
            continue
        target = get_named_type(field.type)
        alias = f"{named.name}_{name}: {name}"
        given = f'(first: 100, after: "{after}")' if after and "after" in field.args else ""
        if is_leaf_type(target):
            parts.append(alias)
        elif depth > 0:
            step = 0 if target.name.endswith(("Connection", "Edge")) or target.name == "Money" else 1
            if target.name.endswith("Edge"):
                continue  # the same objects as `nodes`; cursors come with pageInfo
            parts.append(f"{alias}{given} {selection(target, depth - step, after)}")
    return "{ " + " ".join(parts) + " }"


def root_fields() -> dict[str, GraphQLField]:
    """The fields of Query."""
    assert SCHEMA.query_type is not None
    return dict(SCHEMA.query_type.fields)


def strings(data: Any) -> Iterator[tuple[str, str]]:
    """Every string in an answer with its response key."""
    stack: list[tuple[str, Any]] = [("", data)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            stack += value.items()
        elif isinstance(value, list):
            stack += [(key, item) for item in value]
        elif isinstance(value, str):
            yield key, value
