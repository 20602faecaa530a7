"""What an operation reads of which objects, known by its plan."""

import json
from contextvars import ContextVar
from typing import Any, ClassVar

import pytest
import strawberry
from graphql import parse

from execution.columns import Columns
from execution.documents import Document, Operation
from execution.engine import Engine
from execution.reading import COMPUTED, EMBEDDED, READS, of_its_type

TOLD: ContextVar[Columns | None] = ContextVar("told", default=None)


@strawberry.type
class Money:
    amount: int
    currency: str


def _price(root: strawberry.Parent[Any]) -> Money:
    return Money(amount=root.price, currency=root.currency)


def _title(root: strawberry.Parent[Any]) -> str:
    return f"{root.name} of {root.year}"


def _author(root: strawberry.Parent[Any]) -> Any:
    return root.by


def _anything(root: strawberry.Parent[Any]) -> str:
    return str(root.name)


@strawberry.interface
class Work:
    name: str
    is_type_of: ClassVar[Any] = classmethod(of_its_type)


@strawberry.type
class Book(Work):
    isbn: str
    price: Money = strawberry.field(
        resolver=_price, metadata={EMBEDDED: {"amount": "price", "currency": "currency"}}
    )
    title: str = strawberry.field(
        resolver=_title, metadata={COMPUTED: (lambda name, year: f"{name} of {year}", ("name", "year"))}
    )
    author: "Author" = strawberry.field(resolver=_author, metadata={READS: ["by"]})
    anything: str = strawberry.field(resolver=_anything)


@strawberry.type
class Film(Work):
    minutes: int


@strawberry.type
class Author:
    name: str
    books: list[Book]


def _told() -> str:
    told = TOLD.get()
    return json.dumps(told and {str(key): sorted(names) for key, names in told.items()})


@strawberry.type
class Query:
    book: Book
    works: list[Work]
    told: str = strawberry.field(resolver=_told, metadata={READS: ()})


SCHEMA = strawberry.Schema(Query, types=[Film])
SOURCES = {"Book": "books", "Author": "people", "Film": "films"}


class Row:
    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


BOOK = Row(name="Lalka", isbn="1", year=1890, price=30, currency="PLN")
BOOK.by = Row(name="Prus", books=[BOOK])  # type: ignore[attr-defined]
ROOT = Row(book=BOOK, works=[])


def operation(text: str) -> Operation:
    return Document(parse(text), [], 1).operations[0]


async def told(text: str, **variables: Any) -> dict[str, list[str]] | None:
    """What a resolver of the operation finds, whichever engine runs the rest alike."""
    engine = Engine(SCHEMA, sources=SOURCES)
    asked = operation(text)
    result = await engine.execute(asked, variables, None, ROOT, TOLD)
    assert asked.unplanned is None
    oracle = await Engine(SCHEMA, compiled=False).execute(operation(text), variables, None, ROOT, TOLD)
    assert result.data is not None
    assert oracle.data is not None
    assert oracle.data.pop("told") == "null", "graphql-core has no plan"
    assert TOLD.get() is None
    columns: dict[str, list[str]] | None = json.loads(result.data.pop("told"))
    assert (result.data, result.errors) == (oracle.data, oracle.errors)
    return columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("{ told }", {}),
        ("{ told book { isbn } }", {"books": ["isbn"]}),
        ("{ told book { __typename } }", {"books": []}),
        ("{ told book { price { currency } } }", {"books": ["currency", "price"]}),
        ("{ told book { title } }", {"books": ["name", "year"]}),
        ("{ told book { isbn } other: book { name } }", {"books": ["isbn", "name"]}),
        (
            "{ told book { author { name books { title } } } }",
            {"books": ["by", "name", "year"], "people": ["books", "name"]},
        ),
        (
            "{ told ...Q } fragment Q on Query { book { ...W } } fragment W on Work { name }",
            {"books": ["name"]},
        ),
        ("{ told book { ... on Work { name } ... { isbn } } }", {"books": ["isbn", "name"]}),
        (
            "{ told works { name ... on Book { isbn } ... on Film { minutes } } }",
            {"books": ["isbn", "name"], "films": ["minutes", "name"]},
        ),
        ("{ told book { isbn name @skip(if: true) title @include(if: false) } }", {"books": ["isbn"]}),
        ("{ told book { isbn anything @skip(if: true) } }", {"books": ["isbn"]}),
        ("{ told book { isbn anything } }", None),
        ("{ told book { isbn } ... on Query { book { author { books { anything } } } } }", None),
        ('{ told book { isbn } __type(name: "Book") { name } }', None),
        ("{ told book { isbn } __schema { queryType { name } } }", None),
    ],
)  # fmt: skip
async def test_what_an_operation_reads(text: str, columns: dict[str, list[str]] | None) -> None:
    assert await told(text) == columns


async def test_variables_choose() -> None:
    text = (
        "query($much: Boolean!) { told book { isbn ...M @include(if: $much) } } fragment M on Book { title }"
    )
    assert await told(text, much=False) == {"books": ["isbn"]}
    assert await told(text, much=True) == {"books": ["isbn", "name", "year"]}


async def test_nobody_is_told_without_being_asked() -> None:
    engine = Engine(SCHEMA, sources=SOURCES)
    result = await engine.execute(operation("{ told book { isbn } }"), None, None, ROOT)
    assert result.data == {"told": "null", "book": {"isbn": "1"}}
