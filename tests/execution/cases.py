"""Cases of execution with what is to come of them, and the ways in which each is run.

A case's schema is SDL and its root plain data: an exception stands for a resolver that fails, a function for
one that is called. Every case is run by a plan and by graphql-core, with values that are there at once and
with values that all come later; where its schema allows, as a Strawberry schema too, whose fields plans read
in line.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    default_field_resolver,
    get_named_type,
    is_abstract_type,
    parse,
)

from execution.documents import Document
from execution.engine import Engine
from execution.reading import of_its_type
from tests.execution.strawberry_schema import Schema as QuietSchema

Told = tuple[str, tuple[str | int, ...], tuple[str, ...]]


def error(message: str, path: str = "", *at: str) -> Told:
    """An error of an answer. `path` as in `a.0.b`; `at` are the texts of the query where it is located.

    Without `at` it is where the last name of the path first stands in the query.
    """
    keys = tuple(int(key) if key.isdigit() else key for key in path.split(".") if key)
    names = [key for key in keys if isinstance(key, str)]
    return message, keys, at or tuple(names[-1:])


@dataclass(frozen=True)
class Case:
    """`data` is the answer itself as JSON. `types` sets attributes of types (`"Pet.resolve_type"`)."""

    name: str
    sdl: str
    query: str
    root: Any = None
    data: Any = None
    errors: tuple[Told, ...] = ()
    variables: dict[str, Any] | None = None
    types: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> list[Any]:
        """The errors as a client is told them."""
        return [
            {"message": message, "locations": [self._location(text) for text in at]}
            | ({"path": list(path)} if path else {})
            for message, path, at in self.errors
        ]

    def _location(self, text: str) -> dict[str, int]:
        before = self.query[: self.query.index(text)]
        return {"line": before.count("\n") + 1, "column": len(before) - (before.rfind("\n") + 1) + 1}


async def results(case: Case, *, planned: bool = True) -> list[tuple[str, bool, ExecutionResult]]:
    """The result of each way, by its name, and whether its values come later.

    `planned`: the plan must have been one.
    """
    found = []
    for later in (False, True):
        schema = built(case, later=later)
        strawberry_schema = like(schema) if not case.types and case.root is not None else None
        for compiled in (True, False):
            name = f"{'a plan' if compiled else 'graphql-core'}{', later' if later else ''}"
            found.append((name, later, await _result(case, schema, case.root, compiled, planned)))
            if strawberry_schema is not None:
                root = sourced(case.root, schema.query_type, schema, later=later)
                result = await _result(case, strawberry_schema, root, compiled, planned)
                found.append((f"{name}, Strawberry", later, result))
    return found


async def _result(case: Case, schema: Any, root: Any, compiled: bool, planned: bool) -> ExecutionResult:
    (operation, *_) = Document(parse(case.query), [], 1).operations
    result = await Engine(schema, compiled=compiled).execute(operation, case.variables, "context", root)
    if compiled and planned:
        assert operation.unplanned is None
    return result


async def check(case: Case) -> None:
    """Every way gives the case's data, keys in order, and its errors; in order where nothing comes later."""
    for way, later, result in await results(case):
        assert msgspec.json.encode(result.data) == msgspec.json.encode(case.data), way
        assert in_order(result.errors, later) == in_order(case.told(), later), way


def in_order(errors: Any, later: bool) -> list[Any]:
    found = [each.formatted if isinstance(each, GraphQLError) else each for each in errors or ()]
    return sorted(found, key=msgspec.json.encode) if later else found


def built(case: Case, *, later: bool) -> GraphQLSchema:
    """The schema of a case, with the attributes that it sets."""
    schema = build_schema(case.sdl)
    for place, value in case.types.items():
        name, attribute = place.split(".")
        setattr(schema.type_map[name], attribute, value)
    for named in schema.type_map.values():
        if isinstance(named, GraphQLObjectType) and not named.name.startswith("__"):
            for each in named.fields.values():
                each.resolve = _later if later else _now
    return schema


def revealed(value: Any) -> Any:
    """What an exception or a list of the root stands for."""
    if isinstance(value, Exception):
        raise value
    return value


def _now(source: Any, info: Any, **arguments: Any) -> Any:
    return revealed(default_field_resolver(source, info, **arguments))


async def _later(source: Any, info: Any, **arguments: Any) -> Any:
    await asyncio.sleep(0)
    return _now(source, info, **arguments)


PYTHON: dict[str, Any] = {"Int": int, "String": str, "Boolean": bool, "Float": float, "ID": strawberry.ID}


def like(schema: GraphQLSchema) -> strawberry.Schema | None:
    """A Strawberry schema with the same types; None where one of them has arguments or is neither object,
    interface nor scalar of the specification."""
    own: list[Any] = [
        each for name, each in schema.type_map.items() if not name.startswith("__") and name not in PYTHON
    ]
    for each in own:
        if not isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            return None
        if any(each.args for each in each.fields.values()):
            return None
    classes: dict[str, Any] = {}
    for each in sorted(own, key=lambda each: isinstance(each, GraphQLObjectType)):
        bases = tuple(classes[base.name] for base in each.interfaces)
        classes[each.name] = type(each.name, bases, {"is_type_of": classmethod(of_its_type)})
    for each in own:
        cls = classes[each.name]
        cls.__annotations__ = {key: _annotation(f.type, classes) for key, f in each.fields.items()}
    for each in sorted(own, key=lambda each: isinstance(each, GraphQLObjectType)):
        if isinstance(each, GraphQLInterfaceType):
            classes[each.name].resolve_type = classmethod(lambda _cls, value, *_: value.typename)
            strawberry.interface(classes[each.name])
        else:
            strawberry.type(classes[each.name])
    query = schema.query_type
    assert query is not None
    others = [classes[each.name] for each in own if isinstance(each, GraphQLObjectType)]
    config = strawberry.schema.config.StrawberryConfig(auto_camel_case=False)
    return QuietSchema(classes[query.name], types=others, config=config)


def _annotation(shape: Any, classes: Mapping[str, Any]) -> Any:
    if isinstance(shape, GraphQLNonNull):
        return _bare(shape.of_type, classes)
    return _bare(shape, classes) | None


def _bare(shape: Any, classes: Mapping[str, Any]) -> Any:
    if isinstance(shape, GraphQLList):
        return list[_annotation(shape.of_type, classes)]  # type: ignore[misc]
    return PYTHON.get(shape.name) or classes[shape.name]


def sourced(value: Any, shape: Any, schema: GraphQLSchema, *, later: bool) -> Any:
    """An object with attributes for a dict of the root, and so for those within."""
    if isinstance(value, list):
        return [sourced(item, shape, schema, later=later) for item in value]
    named = get_named_type(shape)
    if not isinstance(value, dict) or not hasattr(named, "fields"):
        return value
    if is_abstract_type(named):
        named = schema.type_map[value["__typename"]]
    attributes: dict[str, Any] = {"typename": named.name}
    for key, each in named.fields.items():
        attributes[key] = _attribute(value.get(key), each.type, schema, later)
    return type("Source", (), attributes)()


def _attribute(value: Any, shape: Any, schema: GraphQLSchema, later: bool) -> property:
    def read(_source: Any) -> Any:
        found = value(None) if callable(value) else value
        return sourced(revealed(found), shape, schema, later=later)

    async def read_later(source: Any) -> Any:
        await asyncio.sleep(0)
        return read(source)

    return property(read_later if later else read)
