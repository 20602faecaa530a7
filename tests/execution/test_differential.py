"""Plans against graphql-core, on random schemas and queries. A failure names the seed that repeats it.

`DIFFERENTIAL_CASES` runs more of them: `DIFFERENTIAL_CASES=100000 make test TESTS=tests/execution`.
"""

import asyncio
import os
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

CASES = int(os.environ.get("DIFFERENTIAL_CASES", "3000"))
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
        operation = Document(node, [], 0).operations[0]
        for _ in range(ROOTS):
            root = Thing(random.randint(0, 10**9), "Query")
            ours = await compiled.execute(operation, variables, None, root)
            theirs = await oracle.execute(operation, variables, None, root)
            assert operation.unplanned is None
            count += 1
            where = f"{text}\n{variables}\n{root}"
            found += [f"seed {seed}: {e}\n{where}" for e in differences(ours, theirs, exact=not waits)]
    return count, found


async def run(first: int, cases: int) -> list[str]:
    count, seed = 0, first
    found: list[str] = []
    while count < cases and len(found) < 3:
        some, differ = await compare(seed)
        count, seed, found = count + some, seed + 1, found + differ
    return found


# graphql-core leaves coroutines unawaited when a sibling fails; that plans don't, other tests say.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("first", [0, 10**6, 2 * 10**6])
def test_plans_do_as_graphql_core_does(first: int) -> None:
    assert asyncio.run(run(first, CASES // 3)) == []
