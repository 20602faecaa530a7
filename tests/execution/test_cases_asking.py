"""What is asked for: aliases, fragments, @skip and @include, merged selections; arguments and variables."""

from typing import Any

import pytest

from tests.execution.cases import Case, check, error, results

PEOPLE = "type Query { me: Person ids: [ID] } type Person { name: String age: Int boss: Person }"
ANNA: dict[str, Any] = {
    "name": "Anna",
    "age": 41,
    "boss": {"name": "Ewa", "age": 52, "boss": {"name": "Jan"}},
}
ROOT = {"me": ANNA, "ids": [1, "two", 3]}


def asked(name: str, query: str, data: Any, **variables: Any) -> Case:
    return Case(name, PEOPLE, query, ROOT, data, variables=variables or None)


def chosen(where: str, *, shown: bool) -> Case:
    """`name` with a directive: is it shown?"""
    data = {"me": {"age": 41, "name": "Anna"} if shown else {"age": 41}}
    return asked(where, f"{{ me {{ age {where} }} }}", data)


ON = ("name {}", "... on Person {} {{ name }}", "... {} {{ name }}")
SHOWN = ("@include(if: true)", "@skip(if: false)", "@include(if: true) @skip(if: false)")
HIDDEN = (
    "@include(if: false)",
    "@skip(if: true)",
    "@include(if: true) @skip(if: true)",
    "@include(if: false) @skip(if: false)",
)
SELECTIONS = [
    asked("aliases", "{ a: me { x: name } b: me { y: age } }", {"a": {"x": "Anna"}, "b": {"y": 41}}),
    asked("the order asked for", "{ me { age name } }", {"me": {"age": 41, "name": "Anna"}}),
    asked(
        "the order of what is merged",
        "{ me { name ...F age } } fragment F on Person { age boss { name } name }",
        {"me": {"name": "Anna", "age": 41, "boss": {"name": "Ewa"}}},
    ),
    asked(
        "selections of one key merged",
        "{ me { boss { name } ... { boss { age } } } me { boss { b: boss { name } } } }",
        {"me": {"boss": {"name": "Ewa", "age": 52, "b": {"name": "Jan"}}}},
    ),
    asked(
        "the type's name",
        "{ __typename me { t: __typename } }",
        {"__typename": "Query", "me": {"t": "Person"}},
    ),
    asked(
        "one fragment twice",
        "{ me { ...F boss { ...F } } } fragment F on Person { name }",
        {"me": {"name": "Anna", "boss": {"name": "Ewa"}}},
    ),
    asked(
        "fragments within fragments",
        "{ ...Q } fragment Q on Query { me { ...P } } fragment P on Person { ...N }"
        " fragment N on Person { name }",
        {"me": {"name": "Anna"}},
    ),
    asked("IDs are texts", "{ ids }", {"ids": ["1", "two", "3"]}),
    asked("nothing is left", "{ me { name @skip(if: true) } }", {"me": {}}),
    asked("nothing at all", "{ me @skip(if: true) { name } }", {}),
    *(chosen(on.format(flag), shown=True) for on in ON for flag in SHOWN),
    *(chosen(on.format(flag), shown=False) for on in ON for flag in HIDDEN),
    *(
        asked(
            f"a spread {flag}",
            f"{{ me {{ age ...F {flag} }} }} fragment F on Person {{ name }}",
            {"me": data},
        )
        for flags, data in ((SHOWN, {"age": 41, "name": "Anna"}), (HIDDEN, {"age": 41}))
        for flag in flags
    ),
    *(
        asked(
            f"by a variable that is {flag}",
            "query($f: Boolean!) { me { name @include(if: $f) age @skip(if: $f) } }",
            {"me": data},
            f=flag,
        )
        for flag, data in ((True, {"name": "Anna"}), (False, {"age": 41}))
    ),
    asked("by a default", "query($f: Boolean = true) { me { name @skip(if: $f) age } }", {"me": {"age": 41}}),
    asked(
        "hidden in one place, asked for in another",
        "{ me { name @skip(if: true) ... { name } } }",
        {"me": {"name": "Anna"}},
    ),
    Case(
        "an error has all places where it was asked",
        PEOPLE,
        "{ me { n: name } ... { me { n: name age } } }",
        {"me": {"name": ValueError("bad"), "age": 1}},
        {"me": {"n": None, "age": 1}},
        (error("bad", "me.n", "n: name }", "n: name age"),),
    ),
    Case(
        "the path is of aliases",
        PEOPLE,
        "{ a: me { b: boss { c: name } } }",
        {"me": {"boss": {"name": ValueError("bad")}}},
        {"a": {"b": {"c": None}}},
        (error("bad", "a.b.c", "c: name"),),
    ),
]

TAKING = """type Query {
  said(text: String, other: String = "default"): String  must(text: String!): String
  some(of: [Int!]): String  order(by: Order = ASC): String
  find(where: Where): String  one(of: Either): String }
enum Order { ASC DESC }  input Where { name: String! least: Int = 3 also: [Where] order: Order }
input Either @oneOf { id: ID name: String }"""


def shown(_info: Any, **arguments: Any) -> str:
    """The arguments as the resolver gets them."""
    return repr(arguments).replace("'", "")


TOLD = dict.fromkeys(("said", "must", "some", "order", "find", "one"), shown)


def taken(query: str, found: str, *, head: str = "", **variables: Any) -> Case:
    """A field's arguments, alone in the query as `a`."""
    return Case(
        f"{head}{query} {variables}",
        TAKING,
        f"{head}{{ a: {query} }}",
        TOLD,
        {"a": found},
        variables=variables,
    )


def refused(query: str, message: str, at: str, *, head: str = "", path: str = "a", **variables: Any) -> Case:
    data = {"a": None} if path else None
    return Case(
        f"{head}{query} {variables}",
        TAKING,
        f"{head}{{ a: {query} }}",
        TOLD,
        data,
        (error(message, path, at),),
        variables,
    )


V = "query($v: {}) "
ARGUMENTS = [
    taken("said", "{other: default}"),
    taken('said(text: "x")', "{text: x, other: default}"),
    taken("said(text: null, other: null)", "{text: None, other: None}"),
    taken("said(text: $v)", "{other: default}", head=V.format("String")),
    taken("said(text: $v)", "{text: None, other: default}", head=V.format("String"), v=None),
    taken("said(text: $v)", "{text: x, other: default}", head=V.format("String"), v="x"),
    taken("said(text: $v)", "{text: d, other: default}", head=V.format('String = "d"')),
    taken("said(text: $v)", "{text: None, other: default}", head=V.format('String = "d"'), v=None),
    taken("said(other: $v)", "{other: default}", head=V.format("String")),
    taken("said(other: $v)", "{other: None}", head=V.format("String"), v=None),
    taken("some(of: 1)", "{of: [1]}"),
    taken("some(of: [1, 2])", "{of: [1, 2]}"),
    taken("some(of: $v)", "{of: [7]}", head=V.format("[Int!]"), v=7),
    taken("some(of: [1, $v])", "{of: [1, 2]}", head=V.format("Int!"), v=2),
    taken("order", "{by: ASC}"),
    taken("order(by: DESC)", "{by: DESC}"),
    taken("order(by: $v)", "{by: DESC}", head=V.format("Order"), v="DESC"),
    taken('find(where: {name: "n"})', "{where: {name: n, least: 3}}"),
    taken('find(where: {name: "n", least: null})', "{where: {name: n, least: None}}"),
    taken("find(where: {name: $v})", "{where: {name: n, least: 3}}", head=V.format("String!"), v="n"),
    taken('find(where: {name: "n", least: $v})', "{where: {name: n, least: 3}}", head=V.format("Int")),
    taken(
        'find(where: {name: "n", least: $v})', "{where: {name: n, least: None}}", head=V.format("Int"), v=None
    ),
    taken(
        "find(where: $v)",
        "{where: {name: n, least: 3, also: [{name: m, least: 1}], order: DESC}}",
        head=V.format("Where"),
        v={"name": "n", "also": {"name": "m", "least": 1}, "order": "DESC"},
    ),
    taken('one(of: {id: "1"})', "{of: {id: 1}}"),
    taken("one(of: $v)", "{of: {name: n}}", head=V.format("Either"), v={"name": "n"}),
    taken("one(of: {name: $v})", "{of: {name: n}}", head=V.format("String!"), v="n"),
    refused("must", "Argument 'text' of required type 'String!' was not provided.", "a: must"),
]


@pytest.mark.parametrize("case", SELECTIONS, ids=lambda case: case.name)
async def test_every_way_gives_what_is_asked_for(case: Case) -> None:
    await check(case)


@pytest.mark.parametrize("case", ARGUMENTS, ids=lambda case: case.name)
async def test_every_way_takes_the_same_arguments(case: Case) -> None:
    await check(case)


@pytest.mark.parametrize(
    ("head", "query", "variables"),
    [
        ("String!", "must(text: $v)", {}),
        ("String!", "must(text: $v)", {"v": None}),
        ("String", "must(text: $v)", {}),
        ("String", "must(text: $v)", {"v": None}),
        ("Int", "some(of: [$v])", {"v": None}),
        ("[Int!]", "some(of: $v)", {"v": [1, None, "x"]}),
        ("Order", "order(by: $v)", {"v": "UP"}),
        ("Where", "find(where: $v)", {"v": {"least": 1}}),
        ("Where", "find(where: $v)", {"v": {"name": "n", "size": 1}}),
        ("Where", "find(where: $v)", {"v": {"name": "n", "also": [{"name": "m"}, {"least": "x"}]}}),
        ("Where", "find(where: $v)", {"v": "n"}),
        ("Either", "one(of: $v)", {"v": {"id": "1", "name": "n"}}),
        ("Either", "one(of: $v)", {"v": {"id": None}}),
        ("Either", "one(of: $v)", {"v": {}}),
        ("String", "one(of: {id: $v})", {"v": None}),
        ("String", "must(text: null)", {}),
        ("String", 'some(of: ["x"])', {}),
    ],
)
async def test_every_way_words_bad_input_alike(head: str, query: str, variables: dict[str, Any]) -> None:
    """How graphql-core words it is its own business; that it is said of the same place is ours."""
    case = Case("", TAKING, f"query($v: {head}) {{ a: {query} }}", TOLD, variables=variables)
    ways = [(way, result) for way, _, result in await results(case, planned=False)]
    (_, first), *others = ways
    assert first.errors
    for way, result in others:
        assert result.data == first.data, way
        assert [each.formatted for each in result.errors or ()] == [
            each.formatted for each in first.errors
        ], way
