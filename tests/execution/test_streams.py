"""Lists that come item by item: what is done with them, and that they are closed when no more is wanted."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import ExecutionResult, build_schema, parse

from execution.documents import Document
from execution.engine import Engine
from tests.execution.comparing import differences

NULL = "Cannot return null for non-nullable field Query.l."


class Stream:
    """Gives its items, waiting before each, and then, if it is `endless`, nothing for ever."""

    def __init__(self, *items: Any, endless: bool = False) -> None:
        self.items = iter(items)
        self.endless = endless
        self.asked = asyncio.Event()
        """Whether it was asked for more than it has."""
        self.closed = False

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        await asyncio.sleep(0)
        for item in self.items:
            if isinstance(item, ArithmeticError):
                raise item
            return item
        self.asked.set()
        if self.endless:
            await asyncio.Event().wait()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """It is not wanted any more."""
        await asyncio.sleep(0)
        self.closed = True
        raise RuntimeError("trouble while closing is no news")


async def result(shape: str, stream: Any, *, compiled: bool = True) -> ExecutionResult:
    schema = build_schema(f"type Query {{ l: {shape} }}")
    (operation,) = Document(parse("{ l }"), [], 1).operations
    return await Engine(schema, compiled=compiled).execute(operation, None, None, {"l": stream})


@pytest.mark.parametrize("shape", ["[Int]", "[Int!]", "[Int!]!"])
@pytest.mark.parametrize(
    "items",
    [
        (),
        (1, 2),
        (1, None, 3),
        (1, ValueError("given"), 3),
        (1, "wrong", 3),
        (1, ZeroDivisionError("raised")),
    ],
)
async def test_a_plan_takes_them_as_graphql_core_does(shape: str, items: tuple[Any, ...]) -> None:
    ours = await result(shape, Stream(*items))
    theirs = await result(shape, Stream(*items), compiled=False)
    assert differences(ours, theirs, exact=True) == []


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("item", [None, ValueError("given")])
async def test_the_first_item_that_nulls_the_list_ends_it(item: Any, compiled: bool) -> None:
    """What comes after it is not waited for."""
    stream = Stream(1, item, endless=True)
    async with asyncio.timeout(20):
        found = await result("[Int!]", stream, compiled=compiled)
    assert found.data == {"l": None}
    assert [(e.message, e.path) for e in found.errors or ()] == [
        (NULL if item is None else "given", ["l", 1])
    ]
    assert stream.closed
    assert not stream.asked.is_set()


async def test_a_stream_whose_operation_is_cancelled_is_closed() -> None:
    stream = Stream(1, endless=True)
    running = asyncio.create_task(result("[Int]", stream))
    async with asyncio.timeout(20):
        await stream.asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert stream.closed


async def test_one_that_has_ended_is_left_alone() -> None:
    stream = Stream(1, 2)
    assert (await result("[Int!]", stream)).data == {"l": [1, 2]}
    assert not stream.closed
