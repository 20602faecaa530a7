"""Plans against graphql-core, on random schemas and queries. A failure names the seed that repeats it.

`DIFFERENTIAL_CASES` runs more of them: `DIFFERENTIAL_CASES=100000 make test TESTS=tests/execution`.
"""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from graphql import (
    OverlappingFieldsCanBeMergedRule,
    PossibleFragmentSpreadsRule,
    VariablesInAllowedPositionRule,
    parse,
    validate,
)

from execution.documents import Document
from execution.engine import Engine
from tests.execution.comparing import differences
from tests.execution.queries import LITERALS, query_of
from tests.execution.schemas import Made, Thing
from tests.execution.strawberry_schema import SCHEMA, Source

Comparison = Callable[[int], Awaitable[tuple[int, list[str]]]]
CASES = int(os.environ.get("DIFFERENTIAL_CASES", "2000"))
QUERIES, ROOTS = 8, 6
"""Queries of one schema, and objects for which each is run: what resolvers do follows from the object."""
RULES = [OverlappingFieldsCanBeMergedRule, PossibleFragmentSpreadsRule, VariablesInAllowedPositionRule]
"""What generated queries may break."""


async def compare(seed: int) -> tuple[int, list[str]]:
    """How many queries of a random schema were compared, and what differs."""
    random = Random(seed)
    waits = random.random() < 0.6
    made = Made(random, waits=waits)
    compiled, oracle = Engine(made.schema), Engine(made.schema, compiled=False)
    count = 0
    found: list[str] = []
    for _ in range(QUERIES):
        text, variables = query_of(random, made.schema, random.randint(1, 4), {**LITERALS, "Odd": ["1"]})
        node = parse(text)
        if validate(made.schema, node, RULES):
            continue
        operation = Document(node, [], 1).operations[0]
        if seed % 2:  # as trusted documents are
            compiled.prepare(operation)
        for _ in range(ROOTS):
            root = Thing(random.randint(0, 10**9), "Query")
            ours = await compiled.execute(operation, variables, None, root)
            theirs = await oracle.execute(operation, variables, None, root)
            assert operation.unplanned is None
            count += 1
            where = f"{text}\n{variables}\n{root}"
            found += [f"seed {seed}: {e}\n{where}" for e in differences(ours, theirs, exact=not waits)]
    return count, found


async def compare_strawberry(seed: int) -> tuple[int, list[str]]:
    """The same of the schema with all of Strawberry's ways to read a field."""
    random = Random(seed)
    compiled = Engine(SCHEMA, written=random.choice([{}, {Decimal: str, date: date.isoformat}]))
    oracle = Engine(SCHEMA, compiled=False)
    text, variables = query_of(random, SCHEMA._schema, random.randint(2, 5), left=60)
    node = parse(text)
    if validate(SCHEMA._schema, node, RULES):
        return 0, []
    operation = Document(node, [], 1).operations[0]
    if seed % 2:
        compiled.prepare(operation)
    found: list[str] = []
    for _ in range(ROOTS):
        root = Source(random.randint(0, 10**9), wild=random.random() < 0.7)
        ours = await compiled.execute(operation, variables, "context", root)
        theirs = await oracle.execute(operation, variables, "context", root)
        assert operation.unplanned is None
        where = f"{text}\n{variables}\nSource({root.seed}, {root.wild})"
        found += [f"seed {seed}: {each}\n{where}" for each in differences(ours, theirs, exact=False)]
    return ROOTS, found


async def run(compare: Comparison, first: int, cases: int) -> list[str]:
    count, seed = 0, first
    found: list[str] = []
    while count < cases and len(found) < 3:
        some, differ = await compare(seed)
        count, seed, found = count + some, seed + 1, found + differ
    return found


# graphql-core leaves coroutines unawaited when a sibling fails; that plans don't, other tests say.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("first", [0, 10**6])
@pytest.mark.parametrize("comparison", [compare, compare_strawberry])
def test_plans_do_as_graphql_core_does(comparison: Comparison, first: int) -> None:
    assert asyncio.run(run(comparison, first, CASES // 4)) == []
    gc.collect()  # what graphql-core left unawaited, as long as it may
