"""Random queries over any schema: aliases, arguments, variables, fragments, @skip and @include."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
    parse_value,
    value_from_ast_untyped,
)

Literals = dict[str, list[str]]
"""By the name of a scalar: literals to choose from."""

LITERALS: Literals = {
    "Int": ["0", "1", "2", "3", "7"],
    "Float": ["0.5", "2"],
    "Boolean": ["true", "false"],
    "String": ['"a"', '"b"', '""'],
    "ID": ['"1"', "2"],
}


@dataclass
class Query:
    """A query in the making."""

    random: Random
    schema: GraphQLSchema
    literals: Literals
    variables: dict[str, Any] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    left: int = 40
    """How many more fields it may have."""

    def text(self, depth: int) -> str:
        """The whole document."""
        assert self.schema.query_type is not None
        body = self.selection(self.schema.query_type, depth)
        head = f"query Q({', '.join(self.declared)})" if self.declared else "query Q"
        return "\n".join([f"{head} {body}", *self.fragments])

    def selection(self, named: Any, depth: int) -> str:
        parts = []
        if depth < -1:
            return "{ __typename }"
        if is_abstract_type(named) or self.random.random() < 0.15:
            parts.append(self.aliased("__typename") + self.directives())
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            parts += self.fields(named, depth)
        if is_abstract_type(named):
            for each in self.schema.get_possible_types(named):
                if self.random.random() < 0.7:
                    parts.append(self.fragment(each, depth))
        elif self.random.random() < 0.2:
            around = [named, *getattr(named, "interfaces", ())]
            parts.append(self.fragment(self.random.choice(around), depth))
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def fields(self, named: Any, depth: int) -> list[str]:
        found = []
        names = list(named.fields)
        for name in self.random.sample(names, self.random.randint(1, min(4, len(names)))):
            about = named.fields[name]
            target = get_named_type(about.type)
            if not is_leaf_type(target) and depth <= 0:
                continue
            if self.left <= 0:
                break
            self.left -= 1
            given = self.arguments(about.args)
            alias = self.aliased(name) if not given else f"{name}{self.random.randint(0, 99)}: {name}"
            inner = "" if is_leaf_type(target) else " " + self.selection(target, depth - 1)
            found.append(f"{alias}{given}{self.directives()}{inner}")
        return found

    def fragment(self, named: Any, depth: int) -> str:
        body = self.selection(named, depth - 1)
        if self.random.random() < 0.6:
            return f"... on {named.name}{self.directives()} {body}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {named.name} {body}")
        return f"...{name}{self.directives()}"

    def aliased(self, name: str) -> str:
        return f"{self.random.choice('xyz')}_{name}: {name}" if self.random.random() < 0.2 else name

    def directives(self) -> str:
        if self.random.random() > 0.12:
            return ""
        name = self.random.choice(["skip", "include"])
        value = self.random.random() < 0.5
        return f" @{name}(if: {self.variable('Boolean!', str(value).lower())})"

    def arguments(self, args: dict[str, GraphQLArgument]) -> str:
        given = []
        for name, argument in args.items():
            if not is_required_argument(argument) and self.random.random() < 0.5:
                continue
            literal = self.literal(argument.type)
            if self.random.random() < 0.4:
                literal = self.variable(str(argument.type), literal)
            given.append(f"{name}: {literal}")
        return f"({', '.join(given)})" if given else ""

    def variable(self, shape: str, literal: str) -> str:
        """A variable of a type, or the literal itself."""
        if self.random.random() < 0.5:
            return literal
        name = f"v{len(self.declared)}"
        default = self.random.random()
        if default < 0.3 and literal != "null":
            self.declared.append(f"${name}: {shape} = {literal}")
        else:
            self.declared.append(f"${name}: {shape}")
            if default < 0.9 or shape.endswith("!"):
                self.variables[name] = value_from_ast_untyped(parse_value(literal))
        return f"${name}"

    def literal(self, shape: Any) -> str:
        if isinstance(shape, GraphQLNonNull):
            return self.some(shape.of_type)
        return "null" if self.random.random() < 0.1 else self.some(shape)

    def some(self, shape: Any) -> str:
        if isinstance(shape, GraphQLList):
            return (
                "[" + ", ".join(self.literal(shape.of_type) for _ in range(self.random.randint(0, 3))) + "]"
            )
        if isinstance(shape, GraphQLEnumType):
            return str(self.random.choice(list(shape.values)))
        if isinstance(shape, GraphQLInputObjectType):
            given = [
                f"{name}: {self.literal(each.type)}"
                for name, each in shape.fields.items()
                if is_required_input_field(each) or self.random.random() < 0.5
            ]
            return "{" + ", ".join(given) + "}"
        return self.random.choice(self.literals[shape.name])


def query_of(
    random: Random, schema: GraphQLSchema, depth: int, literals: Literals = LITERALS, left: int = 40
) -> tuple[str, dict[str, Any]]:
    """A query, not always valid, and its variables."""
    query = Query(random, schema, literals, left=left)
    return query.text(depth), query.variables
