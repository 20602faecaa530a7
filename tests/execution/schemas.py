"""Random schemas whose resolvers do all that resolvers can do, right and wrong.

What a resolver does follows from its object and field alone, so that two executions meet the same.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    Undefined,
)


@dataclass(frozen=True)
class Thing:
    """An object: which one, and of which type."""

    seed: int
    kind: str


def _odd(value: Any) -> Any:
    if value == "unserialisable":
        raise ValueError("odd scalar")
    return None if value == "nothing" else f"<{value}>"


ODD = GraphQLScalarType("Odd", coerce_output_value=_odd)
COLOUR = GraphQLEnumType("Colour", {"RED": 0, "GREEN": "green", "BLUE": 2})
FILTER: GraphQLInputObjectType = GraphQLInputObjectType(
    "Filter",
    lambda: {
        "size": GraphQLInputField(GraphQLInt, default_value=5),
        "colour": GraphQLInputField(COLOUR),
        "names": GraphQLInputField(GraphQLList(GraphQLNonNull(GraphQLString))),
        "inner": GraphQLInputField(FILTER),
    },
)
LEAVES: list[Any] = [
    GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean, GraphQLID, ODD, COLOUR
]  # fmt: skip
RIGHT: dict[str, list[Any]] = {
    "Int": [0, -5, 2**31 - 1, True, 2.0, "12"],
    "Float": [0.5, 3, "1.5"],
    "String": ["a", "", 5, True],
    "Boolean": [True, False, 1],
    "ID": ["x", 7],
    "Odd": ["x", 3],
    "Colour": [0, "green", 2],
}
WRONG: dict[str, list[Any]] = {
    "Int": [2**31, "x", 1.5, []],
    "Float": ["x", float("nan")],
    "String": [{}, []],
    "Boolean": ["x", float("inf")],
    "ID": [1.5, {}],
    "Odd": ["unserialisable", "nothing"],
    "Colour": ["purple", []],
}


class Made:
    """A schema in the making. `waits`: whether anything of it is asynchronous."""

    def __init__(self, random: Random, *, waits: bool) -> None:
        self.random = random
        self.waits = waits
        self.wild = random.choice([0.0, 0.01, 0.05, 0.2])
        self.objects: list[GraphQLObjectType] = []
        self.interfaces = [self._interface(f"I{i}") for i in range(random.randint(0, 2))]
        names = [f"T{i}" for i in range(random.randint(1, 4))]
        self.objects = [self._object(name) for name in names]
        for interface in self.interfaces:
            if not any(interface in each.interfaces for each in self.objects):
                self.objects.append(self._object(f"{interface.name}T", [interface]))
        self.unions = [self._union(f"U{i}") for i in range(random.randint(0, 1))]
        fields = {f"r{i}": self._field() for i in range(random.randint(2, 5))}
        self.schema = GraphQLSchema(
            GraphQLObjectType("Query", fields), types=[*self.objects, *self.unions, *self.interfaces]
        )

    def _object(self, name: str, interfaces: list[GraphQLInterfaceType] | None = None) -> GraphQLObjectType:
        random = self.random
        chosen = interfaces or [each for each in self.interfaces if random.random() < 0.6]
        count = random.randint(1, 5)
        made: dict[str, GraphQLField] = {}

        def fields() -> dict[str, GraphQLField]:
            if not made:
                for interface in chosen:
                    for key, field in interface.fields.items():
                        made.setdefault(key, GraphQLField(field.type, field.args, self._resolver(field.type)))
                for i in range(count):
                    made[f"{name.lower()}f{i}"] = self._field()
            return made

        return GraphQLObjectType(name, fields, chosen, is_type_of=self._is_type_of(name))

    def _interface(self, name: str) -> GraphQLInterfaceType:
        fields = {f"{name.lower()}{i}": GraphQLField(self._wrapped(self._leaf())) for i in range(2)}
        return GraphQLInterfaceType(name, fields, resolve_type=self._type_resolver())

    def _union(self, name: str) -> GraphQLUnionType:
        members = self.random.sample(self.objects, self.random.randint(1, len(self.objects)))
        return GraphQLUnionType(name, members, resolve_type=self._type_resolver())

    def _leaf(self) -> Any:
        return self.random.choice(LEAVES)

    def _wrapped(self, named: Any) -> Any:
        shape = GraphQLNonNull(named) if self.random.random() < 0.35 else named
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2])):
            shape = GraphQLList(shape)
            shape = GraphQLNonNull(shape) if self.random.random() < 0.3 else shape
        return shape

    def _field(self) -> GraphQLField:
        random = self.random
        composite: list[Any] = [*self.objects, *self.interfaces, *getattr(self, "unions", [])]
        named = self._leaf() if not composite or random.random() < 0.45 else random.choice(composite)
        shape = self._wrapped(named)
        args: dict[str, GraphQLArgument] = {}
        if random.random() < 0.3:
            args["size"] = GraphQLArgument(GraphQLInt, default_value=random.choice([Undefined, 3]))
        if random.random() < 0.15:
            args["filter"] = GraphQLArgument(FILTER, out_name="where")
        return GraphQLField(shape, args, self._resolver(shape))

    def _resolver(self, shape: Any) -> Callable[..., Any]:
        style = self.random.choice(["sync", "sync", "async", "sometimes"]) if self.waits else "sync"

        def resolve(source: Any, info: Any, **arguments: Any) -> Any:
            seed = source.seed if isinstance(source, Thing) else 0
            random = Random(f"{seed} {info.field_name} {arguments} {info.path.as_list()}")
            if style == "async" or (style == "sometimes" and random.random() < 0.5):
                return self._later(random, shape)
            return self._value(random, shape)

        return resolve

    async def _later(self, random: Random, shape: Any) -> Any:
        for _ in range(random.choice([0, 0, 1, 3])):
            await asyncio.sleep(0)
        return self._value(random, shape)

    def _value(self, random: Random, shape: Any) -> Any:
        """What a resolver answers for a type, right or wrong."""
        if random.random() < self.wild:
            kind = random.choice(["raise", "raise", "graphql", "return", "none", "undefined", "wrong"])
            if kind == "raise":
                raise ValueError("broken on purpose")
            if kind == "graphql":
                raise GraphQLError("refused on purpose", extensions={"code": "ON_PURPOSE"})
            if kind == "return":
                return KeyError("returned")
            if kind in ("none", "undefined"):
                return None if kind == "none" else Undefined
            return self._wrong(random, shape)
        nullable = not isinstance(shape, GraphQLNonNull)
        shape = shape if nullable else shape.of_type
        if nullable and random.random() < 0.1:
            return None
        if isinstance(shape, GraphQLList):
            return self._items(random, shape.of_type)
        if shape.name in RIGHT:
            return random.choice(RIGHT[shape.name])
        return Thing(random.randint(0, 10**9), self._kind(random, shape))

    def _kind(self, random: Random, shape: Any) -> str:
        possible = [shape] if isinstance(shape, GraphQLObjectType) else self.schema.get_possible_types(shape)
        return random.choice(list(possible)).name

    def _wrong(self, random: Random, shape: Any) -> Any:
        inner = getattr(shape, "of_type", shape)
        if isinstance(shape, GraphQLList) or isinstance(inner, GraphQLList):
            return random.choice([5, "abc", {"a": 1}, object])
        return random.choice(WRONG.get(getattr(inner, "name", ""), [Thing(1, "Nobody"), Thing(1, "Query")]))

    def _items(self, random: Random, shape: Any) -> Any:
        random = Random(random.random())  # of this list alone: a stream goes on drawing later

        def one() -> Any:
            try:
                return self._value(random, shape)
            except Exception as error:
                return error

        def item() -> Any:
            if self.waits and random.random() < 0.1:
                return self._later(Random(random.random()), shape)
            return one()

        form = random.choice(["list", "list", "list", "tuple", "generator", "stream"])
        count = random.randint(0, 4)
        if form == "stream" and self.waits:
            return _streamed(item, count)
        items = [item() for _ in range(count)]
        if form == "tuple":
            return tuple(items)
        if form == "generator":
            return _generated(items)
        return items

    def _type_resolver(self) -> Callable[..., Any] | None:
        style = self.random.choice(["default", "sync", "async"] if self.waits else ["default", "sync"])
        if style == "default":
            return None

        def resolve(value: Any, _info: Any, _named: Any) -> Any:
            if self.wild and isinstance(value, Thing):
                chance = value.seed % 40
                if chance == 0:
                    raise TypeError("no type")
                if chance == 1:
                    return "Missing"
                if chance == 2:
                    return None
                if chance == 3:
                    return 7
            return value.kind

        async def later(value: Any, info: Any, named: Any) -> Any:
            await asyncio.sleep(0)
            return resolve(value, info, named)

        return later if style == "async" else resolve

    def _is_type_of(self, name: str) -> Callable[..., Any]:
        style = self.random.choice(["sync", "sync", "async"] if self.waits else ["sync"])

        def check(value: Any, _info: Any) -> Any:
            if self.wild and isinstance(value, Thing) and value.seed % 50 == 7:
                raise RuntimeError("cannot tell")
            return isinstance(value, Thing) and value.kind == name

        async def later(value: Any, info: Any) -> Any:
            await asyncio.sleep(0)
            return check(value, info)

        return later if style == "async" else check


def _generated(items: list[Any]) -> Iterator[Any]:
    yield from items


async def _streamed(item: Callable[[], Any], count: int) -> AsyncIterator[Any]:
    for _ in range(count):
        await asyncio.sleep(0)
        yield item()
