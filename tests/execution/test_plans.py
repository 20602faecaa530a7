"""What plans do, beyond the same answers as graphql-core."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import strawberry
from graphql import DocumentNode, GraphQLError, build_schema, parse
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.documents import Document, Documents, Operation
from execution.engine import Engine
from execution.parsing import parsed
from execution.reading import BATCH
from tests.execution.strawberry_schema import CALLS, SCHEMA, Source

SEED = 6
"""Of a source with many descendants."""
MOMENT: contextvars.ContextVar[str] = contextvars.ContextVar("moment", default="none")


def operation(text: str) -> Operation:
    return Document(parse(text), [], 1).operations[0]


@pytest.fixture(autouse=True)
def _no_calls() -> Iterator[None]:
    CALLS.clear()
    yield
    CALLS.clear()


async def data(text: str, root: Any = None, **variables: Any) -> Any:
    """The answer of a plan; a document that none can be made of fails."""
    asked = operation(text)
    result = await Engine(SCHEMA).execute(asked, variables, "context", root)
    assert asked.unplanned is None
    assert result.errors is None
    return result.data


def tame(seed: int = 3) -> Source:
    return Source(seed, wild=False)


async def test_a_level_is_one_batch_however_many_objects_it_has() -> None:
    """A type of an interface has its own; what came by two batches is two levels from there on."""
    text = "{ thing { related(count: 3) { related(count: 3) { __typename related { place } } } } }"
    found = await data(text, tame(SEED))
    first = found["thing"]["related"]
    second = [item for each in first for item in each["related"]]
    assert (len(first), len(second)) == (3, 5), "another seed, which shows something"
    sizes = [size for _, size in CALLS]
    assert sum(sizes) == 1 + len(first) + len(second)
    assert len(sizes) <= 1 + 2 + 4


async def test_each_object_is_told_its_own_path() -> None:
    found = await data("{ r: thing { parts: related(count: 3) { place own: part { place } } } }", tame())
    for index, item in enumerate(found["r"]["parts"]):
        assert item["place"].startswith(f"['r', 'parts', {index}, 'place'] place {{}} context")
        assert item["own"]["place"].startswith(f"['r', 'parts', {index}, 'own', 'place'] place")


async def test_permissions_and_extensions_hold_where_there_is_a_batch() -> None:
    """The batch function of `guarded` raises: a field with a permission is asked object by object."""
    asked = operation("{ items { ... on Thing { guarded doubled } } }")
    sources = [tame(seed) for seed in (1, 3, 5, 9)]
    root = type("Roots", (), {"sources": lambda *_: sources})()
    result = await Engine(SCHEMA).execute(asked, None, None, root)
    assert result.data is not None
    items = result.data["items"]
    assert [each["guarded"] for each in items] == ["secret of 1", None, "secret of 5", None]
    assert [each["doubled"] for each in items] == ["11", "33", "55", "99"]
    assert [error.message for error in result.errors or []] == ["not yours"] * 2
    assert [error.path for error in result.errors or []] == [["items", 1, "guarded"], ["items", 3, "guarded"]]


async def test_a_batch_that_gives_too_few_is_an_error() -> None:
    """Never the value of another object."""

    async def one(_root: strawberry.Parent[Any]) -> str:
        return "one"

    async def each(_context: Any, sources: list[Any]) -> list[str]:
        return ["each"] * (len(sources) - 1)

    @strawberry.type
    class Query:
        name: str | None = strawberry.field(resolver=one, metadata={BATCH: each})

    result = await Engine(strawberry.Schema(Query)).execute(operation("{ name }"), None, None)
    assert result.data == {"name": None}
    assert "0 values for 1 objects" in (result.errors or [])[0].message


class Waiting:
    """Fields that begin and wait until they are told to go on, or are cancelled."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.begun: list[str] = []
        self.cancelled: list[str] = []
        self.moments: list[str] = []
        self.all_begun = asyncio.Event()

    async def wait(self, name: str) -> Any:
        self.begun.append(name)
        if len(self.begun) == self.expected:
            self.all_begun.set()
        self.moments.append(MOMENT.get())
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # cleaning up takes a while
            self.cancelled.append(name)
            raise


def waiting_schema(waiting: Waiting) -> strawberry.Schema:
    async def slowly(info: strawberry.Info) -> str:
        await waiting.wait(str(info.path.key))
        return "never"

    async def batch(_context: Any, _sources: list[Any]) -> list[str]:
        await waiting.wait("batch")
        return []

    async def stream() -> AsyncIterator[str]:
        await waiting.wait("stream")
        yield "never"

    async def streaming() -> Any:
        return stream()

    @strawberry.type
    class Query:
        slow: str | None = strawberry.field(resolver=slowly)
        batched: str | None = strawberry.field(resolver=slowly, metadata={BATCH: batch})
        streamed: list[str] | None = strawberry.field(resolver=streaming)

    return strawberry.Schema(Query)


async def test_a_cancelled_operation_cancels_all_that_it_began() -> None:
    waiting = Waiting(4)
    engine = Engine(waiting_schema(waiting))
    MOMENT.set("of this request")
    running = asyncio.create_task(
        engine.execute(operation("{ a: slow b: slow batched streamed }"), None, None)
    )
    async with asyncio.timeout(20):
        await waiting.all_begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(waiting.cancelled) == sorted(waiting.begun) == ["a", "b", "batch", "stream"]
    assert waiting.moments == ["of this request"] * 4, "the deadline is such a variable"


async def test_a_resolver_s_own_cancellation_ends_the_operation() -> None:
    waiting = Waiting(1)

    async def giving_up() -> str:
        await waiting.all_begun.wait()
        raise asyncio.CancelledError

    async def slowly() -> str:
        await waiting.wait("slow")
        return "never"

    @strawberry.type
    class Query:
        gives_up: str | None = strawberry.field(resolver=giving_up)
        slow: str | None = strawberry.field(resolver=slowly)

    asked = operation("{ givesUp slow }")
    with pytest.raises(asyncio.CancelledError):
        await Engine(strawberry.Schema(Query)).execute(asked, None, None)
    assert waiting.cancelled == ["slow"]


PEOPLE = build_schema(
    """
    type Query { pets: [Pet!] names: [String] me(id: ID, deep: [Int]): Pet }
    type Mutation { rename: String }
    interface Pet { name: String }
    type Cat implements Pet { name: String lives: Int! }
    type Dog implements Pet { name: String barks: Boolean }
    """
)


async def later(value: Any) -> Any:
    await asyncio.sleep(0)
    if isinstance(value, Exception):
        raise value
    return value


async def test_types_that_are_resolved_later() -> None:
    pet: Any = PEOPLE.type_map["Pet"]
    pet.resolve_type = lambda value, *_: later(value["kind"])
    root = {"pets": [{"kind": "Dog", "name": "Rex"}, {"kind": "Cat", "name": "Tom", "lives": 9}]}
    asked = operation("{ pets { __typename name ... on Cat { lives } } }")
    result = await Engine(PEOPLE).execute(asked, None, None, root)
    assert result.errors is None
    assert result.data == {
        "pets": [{"__typename": "Dog", "name": "Rex"}, {"__typename": "Cat", "name": "Tom", "lives": 9}]
    }


async def test_rows_of_an_interface_keep_their_type_when_nulls_spread() -> None:
    pet: Any = PEOPLE.type_map["Pet"]
    pet.resolve_type = lambda value, *_: value["kind"]
    root = {"pets": [{"kind": "Dog", "barks": True}, {"kind": "Cat", "lives": None}], "names": ["a"]}
    asked = operation("{ pets { ... on Cat { x: lives } ... on Dog { x: barks } } names }")
    result = await Engine(PEOPLE).execute(asked, None, None, root)
    assert result.data == {"pets": None, "names": ["a"]}
    assert [error.path for error in result.errors or []] == [["pets", 1, "x"]]


async def test_items_that_are_awaitable() -> None:
    root = {"names": [later("a"), "b", later(ValueError("c")), None]}
    result = await Engine(PEOPLE).execute(operation("{ names }"), None, None, root)
    assert result.data == {"names": ["a", "b", None, None]}
    assert [(error.message, error.path) for error in result.errors or []] == [("c", ["names", 2])]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mutation { rename }", "mutation"),
        ("query @live { names }", "directives"),
        ("{ names @upper }", "@upper"),
        ("{ ...F } fragment F on Query @x { names }", "fragment F"),
    ],
)
async def test_what_is_handed_back(text: str, why: str) -> None:
    asked, engine = operation(text), Engine(PEOPLE)
    await engine.execute(asked, None, None, {"names": [], "rename": "x"})
    assert asked.unplanned is not None
    assert why in asked.unplanned
    assert len(engine.plans) == 0


async def test_a_schema_with_extensions_is_handed_back() -> None:
    """They stand around every operation, and may stand around every resolver."""

    class Loud(SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            return f"{_next(root, info, *args, **kwargs)}!"

    @strawberry.type
    class Query:
        name: str = strawberry.field(resolver=lambda: "name")

    asked = operation("{ name }")
    result = await Engine(strawberry.Schema(Query, extensions=[Loud])).execute(asked, None, None)
    assert (result.data, asked.unplanned) == ({"name": "name!"}, "the schema has extensions")


async def test_a_schema_with_an_executor_of_its_own_is_handed_back() -> None:
    class Loud(StrawberryGraphQLCoreExecutionContext):
        def complete_leaf_value(self, return_type: Any, result: Any) -> Any:  # type: ignore[override]
            return f"{super().complete_leaf_value(return_type, result)}!"

    @strawberry.type
    class Query:
        name: str = strawberry.field(resolver=lambda: "name")

    asked = operation("{ name }")
    result = await Engine(strawberry.Schema(Query, execution_context_class=Loud)).execute(asked, None, None)
    assert (result.data, asked.unplanned) == ({"name": "name!"}, "the schema has an executor of its own")


async def test_the_switch() -> None:
    engine = Engine(PEOPLE, compiled=False)
    result = await engine.execute(operation("{ names }"), None, None, {"names": ["a"]})
    assert (result.data, len(engine.plans)) == ({"names": ["a"]}, 0)


async def test_bad_variables_are_graphql_core_s_to_word() -> None:
    asked = operation("query($id: [Int]) { me(deep: $id) { name } }")
    results = [
        await Engine(PEOPLE, compiled=compiled).execute(asked, {"id": ["x"]}, None)
        for compiled in (True, False)
    ]
    told = [[error.formatted for error in result.errors or []] for result in results]
    assert told[0] == told[1] != []


async def test_a_plan_serves_all_values_but_those_of_its_flags() -> None:
    asked = operation(
        "query($a: Boolean!, $i: ID) { me(id: $i) { name @skip(if: $a) ... on Cat { lives } } }"
    )
    engine = Engine(PEOPLE)
    for flag in (True, False):
        for key in ("1", "2"):
            await engine.execute(asked, {"a": flag, "i": key}, None, {"me": None})
    assert len(engine.plans) == 2


async def test_plans_are_bounded() -> None:
    flags = [f"f{i}" for i in range(6)]
    body = " ".join(f"{name}: names @include(if: ${name})" for name in flags)
    asked = operation(f"query({' '.join(f'${name}: Boolean!' for name in flags)}) {{ names {body} }}")
    engine = Engine(PEOPLE, most_weight=10)
    for number in range(2**6):
        values = {name: bool(number >> i & 1) for i, name in enumerate(flags)}
        result = await engine.execute(asked, values, None, {"names": ["a"]})
        assert result.data == {"names": ["a"], **{name: ["a"] for name in flags if values[name]}}
    assert len(engine.plans) == 10


async def test_what_waits_before_and_within_an_object_of_an_unknown_class() -> None:
    """The first object of a class is made the long way, within its parent's turn of the loop."""

    @strawberry.type
    class Part:
        name: str
        number: int

    @strawberry.type
    class Query:
        first: str
        part: Part
        last: str

    def new(name: Any) -> Any:
        """Of a class that no plan has seen yet."""
        return type("New", (), {"name": name, "number": 7})()

    class Root:
        """Its attributes too are still to come."""

        def __init__(self, part: Any) -> None:
            self.first, self.part, self.last = later("before"), part, "last"

    engine = Engine(strawberry.Schema(Query))
    asked = operation("{ first part { name number } last }")
    expected = {"first": "before", "part": {"name": "within", "number": 7}, "last": "last"}
    for part in (new("within"), new(later("within")), later(new("within")), later(new(later("within")))):
        result = await engine.execute(asked, None, None, Root(part))
        assert (result.data, result.errors) == (expected, None)


def test_a_document_is_read_once_as_long_as_it_is_remembered() -> None:
    documents = Documents(PEOPLE, most=2)
    first = documents.read("{ names }")
    assert documents.read("{ names }") is first
    assert [error.message for error in documents.read("{ nope }").errors] != []
    documents.read("{ names }")
    documents.read("{ a: names }")
    assert documents.read("{ names }") is first, "the one that was used last stays"
    assert len(documents) == 2


def test_large_documents_take_the_place_of_many() -> None:
    documents = Documents(PEOPLE, most_weight=100)
    for number in range(10):
        documents.read(f"{{ a{number}: names }}")
    assert len(documents) == 10
    documents.read("{ " + " ".join(f"b{number}: names" for number in range(40)) + " }")
    assert len(documents) == 1


def test_a_document_that_is_none_is_remembered_as_its_errors() -> None:
    documents = Documents(PEOPLE, most_tokens=5)
    for text in ("{", "{ a: names b: names c: names }"):
        document = documents.read(text)
        assert document.syntax_errors
        assert document.operation(None) is None
        assert documents.read(text) is document


async def test_a_document_that_came_once_takes_the_place_of_none() -> None:
    documents, engine = Documents(PEOPLE, most=2, most_met=3), Engine(PEOPLE)
    for _ in range(2):
        first = documents.read("{ names }")
    for number in range(9):
        passing = documents.read(f"{{ a{number}: names }}").operations[0]
        assert (await engine.execute(passing, None, None, {"names": ["a"]})).data == {f"a{number}": ["a"]}
    assert documents.read("{ names }") is first
    assert (len(documents), len(engine.plans)) == (1, 0)
    again = documents.read("{ a8: names }")
    assert documents.read("{ a8: names }") is again, "it came twice"
    documents.read("{ a0: names }")
    assert len(documents) == 2, "that it came is long forgotten"


@pytest.mark.parametrize(
    "text",
    [
        """query Q($a: [Int!] = [1, 2] @x) { a: b(c: {d: "e", f: $a}) @include(if: true) { ...F # no
        } } fragment F on T { ... on U { g(h: [null, ENUM, 1.5]) } }""",
        "{ a { b } ",
        "{ a(b: 'c') }",
        "{" + " a" * 60 + " }",
        "",
    ],
)
def test_documents_are_parsed_as_by_graphql_core(text: str) -> None:
    """But for the tokens that nodes were read from, which nobody looks at."""

    def told(read: Callable[[], DocumentNode]) -> object:
        try:
            node = read()
        except GraphQLError as error:
            return error.formatted
        return node, node.to_dict(locations=True), node.token_count

    assert told(lambda: parsed(text, 55)) == told(lambda: parse(text, max_tokens=55))


async def test_arguments_of_one_request_are_never_another_s() -> None:
    """Arguments without variables are kept with the plan; what holds a variable, however deep, is not."""
    seen: list[Any] = []

    @strawberry.input
    class Where:
        name: str = ""
        names: list[str] | None = None

    async def one(name: str = "default", where: Where | None = None) -> str:
        return f"{name} {where}"

    async def each(_context: Any, sources: list[Any], name: str = "default", where: Any = None) -> list[str]:
        seen.append((name, where and (where.name, where.names)))
        return ["each"] * len(sources)

    @strawberry.type
    class Query:
        asked: str | None = strawberry.field(resolver=one, metadata={BATCH: each})

    engine = Engine(strawberry.Schema(Query))
    asked = operation(
        """query($n: String!) { a: asked(name: "literal") b: asked(name: $n) c: asked(where: {name: $n})
        d: asked(where: {names: ["x", $n]}) e: asked }"""
    )
    for who in ("Anna", "Ewa"):
        seen.clear()
        assert (await engine.execute(asked, {"n": who}, None)).errors is None
        assert seen == [
            ("literal", None), (who, None), ("default", (who, None)), ("default", ("", ["x", who])),
            ("default", None),
        ]  # fmt: skip
