"""Arguments of a field with a batch, by a plan, against those that graphql-core and Strawberry give."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any

import pytest
import strawberry
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, build_schema, parse
from strawberry.scalars import JSON

from execution.documents import Document, Operation
from execution.engine import Engine
from execution.reading import BATCH
from tests.execution.strawberry_schema import Schema


@strawberry.enum
class Colour(Enum):
    RED = "r"
    BLUE = "b"


@strawberry.input
class Span:
    since: date
    until: date | None = None
    best_of: list[Colour] | None = strawberry.UNSET


@strawberry.input
class Tree:
    name: str
    branches: "list[Tree] | None" = None


@strawberry.input(one_of=True)
class Either:
    name: strawberry.Maybe[str]
    number: strawberry.Maybe[int]


@strawberry.input
class Where:
    name: str | None
    least_amount: Decimal | None = None
    spans: list[Span] = strawberry.field(default_factory=list)
    tags: list[list[str | None]] | None = None
    colour: Colour = Colour.RED
    anything: JSON | None = None


def told(**given: Any) -> str:
    """The arguments, and then what a rude resolver leaves of them."""
    said = repr(given)
    for each in (*given.values(), getattr(given.get("where"), "spans", None)):
        if isinstance(each, list):
            each.append("rude")
    if isinstance(given.get("where"), Where):
        given["where"].name = "rude"
    return said


async def one(
    first_of: int = 20,
    where: Where | None = strawberry.UNSET,
    colours: list[Colour] | None = None,
    numbers: list[int | None] | None = strawberry.UNSET,
    spans: list[Span] | None = None,
    tree: Tree | None = None,
    either: Either | None = None,
    node: strawberry.relay.GlobalID | None = None,
    anything: JSON | None = None,
    must: str = "",
) -> str:
    return told(
        first_of=first_of, where=where, colours=colours, numbers=numbers, spans=spans, tree=tree,
        either=either, node=node, anything=anything, must=must,
    )  # fmt: skip


async def each(_context: Any, sources: list[Any], **given: Any) -> list[str]:
    defaults: dict[str, Any] = {
        "first_of": 20, "where": strawberry.UNSET, "colours": None, "numbers": strawberry.UNSET,
        "spans": None, "tree": None, "either": None, "node": None, "anything": None, "must": "",
    }  # fmt: skip
    return [told(**{**defaults, **given}) for _ in sources]


@strawberry.type
class Query:
    asked: str | None = strawberry.field(resolver=one, metadata={BATCH: each})


SCHEMA = Schema(Query)
NODE = strawberry.relay.to_base64("Thing", 5)
ASKED: list[tuple[str, str, list[dict[str, Any]]]] = [
    ("", 'firstOf: 3, must: "x"', [{}]),
    ("", 'where: {name: "n", spans: {since: "2026-01-01", bestOf: RED}, tags: ["a", null]}', [{}]),
    ("", 'where: {leastAmount: "1.20", colour: BLUE, anything: {a: [1]}}', [{}]),
    ("", "where: null, colours: [RED, BLUE], numbers: [1, null], spans: []", [{}]),
    ("", 'tree: {name: "a", branches: [{name: "b", branches: {name: "c"}}]}', [{}]),
    ("", "either: {number: 5}", [{}]),
    ("", f'node: "{NODE}"', [{}]),
    ("", 'node: "nonsense"', [{}]),
    ("", 'where: {leastAmount: "dear"}', [{}]),
    ("$n: Int!", "firstOf: $n, numbers: [1, $n]", [{"n": 5}, {"n": 6}, {"n": "x"}, {"n": None}, {}]),
    ("$n: Int", "firstOf: $n, numbers: [1, $n, null]", [{"n": 5}, {"n": None}, {}, {"n": 1.5}]),
    ("$n: Int = 7", "firstOf: $n, numbers: $n", [{}, {"n": 8}, {"n": None}]),
    ("$n: [Int] = [7, null]", "numbers: $n, must: $m", [{}]),
    ("$n: [Int] = [7, null]", "numbers: $n", [{}, {"n": 8}, {"n": [None, 1]}, {"n": None}, {"n": ["x"]}]),
    ("$n: [Int!] = [7]", "numbers: $n", [{}, {"n": [None]}, {}]),
    ("$c: Colour", "colours: [$c]", [{"c": "RED"}, {"c": "GREEN"}]),
    ("$c: Colour!", "colours: [$c, BLUE]", [{"c": "RED"}, {}, {"c": "BLUE"}]),
    ("$c: Colour!", "colours: $c", [{"c": "RED"}]),
    ("$c: Colour! = BLUE", "where: {colour: $c}", [{}, {"c": "RED"}, {"c": None}]),
    ("$c: Colour", 'where: {name: "n", colour: $c}', [{}, {"c": "RED"}, {"c": None}]),
    ("$d: Decimal, $t: [String]", "where: {leastAmount: $d, tags: [$t, []]}",
     [{}, {"d": "1.5"}, {"d": "dear"}, {"d": None, "t": ["a", None]}, {"t": "b"}]),
    ("$w: Where", "where: $w", [
        {}, {"w": None}, {"w": {}}, {"w": {"name": None, "spans": {"since": "2026-02-03"}}},
        {"w": {"tags": [["a"], [None]], "colour": "BLUE", "leastAmount": "2.50", "anything": [{"a": 1}]}},
        {"w": {"nmae": "n"}}, {"w": {"spans": [{}]}}, {"w": "n"}, {"w": {"colour": None}},
    ]),
    ('$w: Where = {name: "d", spans: [{since: "2026-01-01"}]}', "where: $w", [{}, {}, {"w": {"name": "e"}}]),
    ("$w: Where = {colour: GREEN}", "where: $w", [{}, {"w": {}}]),
    ("$s: Span!, $u: Date", 'spans: [$s, {since: "2026-01-01", until: $u}]', [
        {"s": {"since": "2026-05-06", "bestOf": ["RED"]}, "u": "2026-07-08"}, {"s": {"since": "2026-05-06"}},
        {"s": {"since": "soon"}},
    ]),
    ("$t: Tree", "tree: $t", [{"t": {"name": "a", "branches": [{"name": "b"}]}}, {"t": {"name": 5}}]),
    ("$n: String!", 'tree: {name: "a", branches: [{name: $n}]}', [{"n": "b"}, {"n": "c"}]),
    ("$e: Either", "either: $e", [{"e": {"name": "n"}}, {"e": {}}, {"e": {"name": "n", "number": 1}}, {}]),
    ("$n: String!", "either: {name: $n}", [{"n": "a"}, {"n": "b"}, {}]),
    ("$n: ID!", "node: $n", [{"n": NODE}, {"n": "nonsense"}]),
    ("$a: JSON", "anything: $a, where: {anything: {a: 1}}", [{"a": {"b": [1]}}, {"a": None}, {}]),
    ("$a: Int", "anything: {a: [$a]}", [{"a": 5}, {"a": 6}, {}]),
    ("$n: Nothing", "must: $n", [{"n": "a"}]),
    ("$n: Query", "must: $n", [{"n": "a"}]),
]  # fmt: skip


def operation(text: str) -> Operation:
    return Document(parse(text), [], 1).operations[0]


@pytest.mark.parametrize(("head", "arguments", "requests"), ASKED)
async def test_a_batch_gets_the_arguments_that_the_resolver_would_get(
    head: str, arguments: str, requests: list[dict[str, Any]]
) -> None:
    """One operation, many requests, whose resolvers change what they are given."""
    text = f"query{f'({head})' if head else ''} {{ asked({arguments}) }}"
    asked, plans, oracle = operation(text), Engine(SCHEMA), Engine(SCHEMA, compiled=False)
    for variables in [*requests, *requests]:
        ours = await plans.execute(asked, deepcopy(variables), None)
        theirs = await oracle.execute(operation(text), deepcopy(variables), None)
        assert ours.data == theirs.data, variables
        assert [e.formatted for e in ours.errors or ()] == [e.formatted for e in theirs.errors or ()]
    assert asked.unplanned is None


async def test_a_resolver_that_changes_its_arguments_changes_them_for_itself_only() -> None:
    schema = build_schema("type Query { a(of: [Int], in: In): String } input In { of: [Int] }")

    def rude(_source: Any, _info: Any, **given: Any) -> str:
        said = repr(given)
        given["of"].append(0)
        given["in"]["of"].append(0)
        return said

    assert schema.query_type is not None
    schema.query_type.fields["a"].resolve = rude
    engine = Engine(schema)
    asked = operation(
        "query($v: [Int] = [1], $i: In = {of: [2]}) { a(of: $v, in: $i) b: a(of: [3], in: {of: [4]}) }"
    )
    for _ in range(2):
        result = await engine.execute(asked, None, None)
        assert result.data == {"a": "{'of': [1], 'in': {'of': [2]}}", "b": "{'of': [3], 'in': {'of': [4]}}"}


SCRAPS: list[Any] = [
    None,
    True,
    0,
    2**31,
    1.5,
    "",
    "RED",
    "1.20",
    "2026-01-02",
    [],
    [None],
    ["a"],
    [["b"]],
    {},
]


def value(random: Random, shape: Any) -> Any:
    """A value of a type, as a request has it: now and then a wrong one."""
    if random.random() < 0.06:
        return random.choice(SCRAPS)
    if isinstance(shape, GraphQLNonNull):
        return value(random, shape.of_type)
    if random.random() < 0.1:
        return None
    if isinstance(shape, GraphQLList):
        if random.random() < 0.2:
            return value(random, shape.of_type)
        return [value(random, shape.of_type) for _ in range(random.randint(0, 3))]
    if isinstance(shape, GraphQLInputObjectType):
        chosen = [name for name in shape.fields if random.random() < 0.6]
        made = {name: value(random, shape.fields[name].type) for name in chosen}
        return {**made, "other": 1} if random.random() < 0.03 else made
    right = {"Int": 5, "Decimal": "2.50", "Date": "2026-03-04", "Colour": "BLUE", "JSON": {"a": [1]}}
    return right.get(shape.name, "text")


async def test_random_variables_are_what_graphql_core_makes_of_them() -> None:
    assert SCHEMA._schema.query_type is not None
    types = {name: each.type for name, each in SCHEMA._schema.query_type.fields["asked"].args.items()}
    del types["tree"]  # whose type is recursive: graphql-core coerces all variables then
    heads = ", ".join(f"${name}: {shape}" for name, shape in types.items() if name != "firstOf")
    text = f"query($firstOf: Int!, {heads}) {{ asked({', '.join(f'{name}: ${name}' for name in types)}) }}"
    asked, plans, oracle = operation(text), Engine(SCHEMA), Engine(SCHEMA, compiled=False)
    right = 0
    for seed in range(300):
        random = Random(seed)
        chosen = [name for name in types if name != "node" and random.random() < 0.35]
        variables = {"firstOf": 1, "must": "", **{name: value(random, types[name]) for name in chosen}}
        ours = await plans.execute(asked, deepcopy(variables), None)
        theirs = await oracle.execute(asked, deepcopy(variables), None)
        assert ours.data == theirs.data, (seed, variables)
        assert [e.formatted for e in ours.errors or ()] == [e.formatted for e in theirs.errors or ()], seed
        right += ours.errors is None
    assert 50 < right < 250
