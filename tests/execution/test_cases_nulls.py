"""What fails, and how far its null spreads: as in the specification's chapter on handling errors, and in
graphql-core's cases of non-null fields and lists."""

from typing import Any

import pytest

from tests.execution.cases import Case, check, error

BAD = ValueError("bad")
NULL = "Cannot return null for non-nullable field {}."
PLAIN = "type Query { a: T b: T! c: [T] s: String n: String! } type T { s: String n: String! a: T b: T! }"
HERO = """type Query { hero: Character } type Character { id: ID! name: {name} friends: [Character{item}] }
"""


def hero(name: str, item: str) -> str:
    return HERO.replace("{name}", name).replace("{item}", item)


FRIENDS = {
    "id": "0",
    "name": "R2-D2",
    "friends": [{"id": "1", "name": "Luke"}, {"id": "2", "name": BAD}, {"id": "3", "name": "Leia"}],
}
LUKE, LEIA = {"id": "1", "heroName": "Luke"}, {"id": "3", "heroName": "Leia"}


def friends(name: str, item: str, data: Any) -> Case:
    """The specification's example of errors: a name of the hero's friends that can't be fetched."""
    query = "{ hero { name friends { id heroName: name } } }"
    told = error("bad", "hero.friends.1.heroName", "heroName")
    shown = {"hero": {"name": "R2-D2", "friends": data}}
    return Case(f"name {name}, items {item}", hero(name, item), query, {"hero": FRIENDS}, shown, (told,))


def listed(shape: str, items: Any, data: Any, *errors: Any) -> Case:
    sdl = f"type Query {{ l: {shape} }}"
    return Case(f"{shape} of {items}", sdl, "{ l }", {"l": items}, data, errors)


NUL = error(NULL.format("Query.l"), "l")
NUL_1 = error(NULL.format("Query.l"), "l.1")
NO_LIST = error("Expected Iterable, but did not find one for field 'Query.l'.", "l")
BAD_1 = error("bad", "l.1")
NAUGHT: dict[str, Any] = {"s": None, "n": None}
CASES = [
    friends("String", "", [LUKE, {"id": "2", "heroName": None}, LEIA]),
    friends("String!", "", [LUKE, None, LEIA]),
    friends("String!", "!", None),
    Case("a null", PLAIN, "{ a { s } }", {"a": {"s": None}}, {"a": {"s": None}}),
    Case("a failure", PLAIN, "{ a { s } }", {"a": {"s": BAD}}, {"a": {"s": None}}, (error("bad", "a.s"),)),
    Case(
        "a null of a field that has none",
        PLAIN,
        "{ a { n } }",
        {"a": {"n": None}},
        {"a": None},
        (error(NULL.format("T.n"), "a.n"),),
    ),
    Case(
        "a failure of one",
        PLAIN,
        "{ a { s n } }",
        {"a": {"s": "x", "n": BAD}},
        {"a": None},
        (error("bad", "a.n"),),
    ),
    Case(
        "a root field", PLAIN, "{ s n }", {"s": "x", "n": None}, None, (error(NULL.format("Query.n"), "n"),)
    ),
    Case("a root field that fails", PLAIN, "{ n }", {"n": BAD}, None, (error("bad", "n"),)),
    Case(
        "an object that has to be",
        PLAIN,
        "{ b { s } }",
        {"b": None},
        None,
        (error(NULL.format("Query.b"), "b"),),
    ),
    Case(
        "an object that fails",
        PLAIN,
        "{ a { s } s }",
        {"a": BAD, "s": "x"},
        {"a": None, "s": "x"},
        (error("bad", "a"),),
    ),
    Case(
        "the first of a chain that may be null",
        PLAIN,
        "{ a { b { b { b { n } } } } s }",
        {"a": {"b": {"b": {"b": NAUGHT}}}, "s": "x"},
        {"a": None, "s": "x"},
        (error(NULL.format("T.n"), "a.b.b.b.n", "n }"),),
    ),
    Case(
        "a chain up to the data",
        PLAIN,
        "{ b { b { b { n } } } s }",
        {"b": {"b": {"b": {"n": BAD}}}, "s": "x"},
        None,
        (error("bad", "b.b.b.n", "n }"),),
    ),
    Case(
        "a chain that is cut in the middle",
        PLAIN,
        "{ b { s a { b { n } } } }",
        {"b": {"s": "x", "a": {"b": {"n": BAD}}}},
        {"b": {"s": "x", "a": None}},
        (error("bad", "b.a.b.n", "n }"),),
    ),
    Case(
        "siblings each on their own",
        PLAIN,
        "{ one: a { n } two: a { s } three: a { n } }",
        {"a": {"n": BAD, "s": "x"}},
        {"one": None, "two": {"s": "x"}, "three": None},
        (error("bad", "one.n", "n }"), error("bad", "three.n", "n } }")),
    ),
    Case(
        "a tree of fields that may all be null",
        PLAIN,
        "{ a { s a { t: s a { u: s } } } c { v: s } }",
        {"a": {"s": BAD, "a": {"s": BAD, "a": {"s": BAD}}}, "c": [{"s": BAD}, {"s": "x"}, {"s": BAD}]},
        {"a": {"s": None, "a": {"t": None, "a": {"u": None}}}, "c": [{"v": None}, {"v": "x"}, {"v": None}]},
        (
            error("bad", "a.s"),
            error("bad", "a.a.t"),
            error("bad", "a.a.a.u"),
            error("bad", "c.0.v"),
            error("bad", "c.2.v"),
        ),
    ),
    # a list, its items, and both: what may be null, with a null, a failure, and neither
    *(
        listed(shape, ["x", "y"], {"l": ["x", "y"]})
        for shape in ("[String]", "[String]!", "[String!]", "[String!]!")
    ),
    listed("[String]", ["x", None], {"l": ["x", None]}),
    listed("[String]!", ["x", None], {"l": ["x", None]}),
    listed("[String!]", ["x", None], {"l": None}, NUL_1),
    listed("[String!]!", ["x", None], None, NUL_1),
    listed("[String]", ["x", BAD, "y"], {"l": ["x", None, "y"]}, BAD_1),
    listed("[String]!", ["x", BAD], {"l": ["x", None]}, BAD_1),
    listed("[String!]", ["x", BAD], {"l": None}, BAD_1),
    listed("[String!]!", ["x", BAD], None, BAD_1),
    listed("[String]", None, {"l": None}),
    listed("[String]!", None, None, NUL),
    listed("[String!]", None, {"l": None}),
    listed("[String!]!", None, None, NUL),
    listed("[String]", BAD, {"l": None}, error("bad", "l")),
    listed("[String!]!", BAD, None, error("bad", "l")),
    listed("[String]", [], {"l": []}),
    listed("[[Int]]", [[1, None], None, []], {"l": [[1, None], None, []]}),
    listed("[[Int!]]", [[1], [2, None]], {"l": [[1], None]}, error(NULL.format("Query.l"), "l.1.1")),
    listed("[[Int!]!]", [[1], [2, None]], {"l": None}, error(NULL.format("Query.l"), "l.1.1")),
    listed("[[Int]!]", [[1], None], {"l": None}, NUL_1),
    listed(
        "[Int]",
        [1, "two", 3],
        {"l": [1, None, 3]},
        error("Int cannot represent non-integer value: 'two'", "l.1"),
    ),
    listed("[String]", 7, {"l": None}, NO_LIST),
    listed("[String]", "text", {"l": None}, NO_LIST),
    listed("[String]", {"a": 1}, {"l": None}, NO_LIST),
    Case(
        "a leaf that can't be said",
        "type Query { i: Int j: Int! f: Float b: Boolean id: ID s: String }",
        "{ i f b id s }",
        {"i": 2**31, "f": "x", "b": "x", "id": 1.5, "s": {"a": 1}},
        {"i": None, "f": None, "b": None, "id": None, "s": None},
        (
            error("Int cannot represent non 32-bit signed integer value: 2147483648", "i"),
            error("Float cannot represent non numeric value: 'x'", "f"),
            error("Boolean cannot represent a non boolean value: 'x'", "b"),
            error("ID cannot represent value: 1.5", "id"),
            error("String cannot represent value: {'a': 1}", "s", "s }"),
        ),
    ),
    Case(
        "one that has to be",
        "type Query { i: Int! s: String }",
        "{ i s }",
        {"i": 0.5, "s": "x"},
        None,
        (error("Int cannot represent non-integer value: 0.5", "i"),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_way_gives_what_the_specification_says(case: Case) -> None:
    await check(case)
