"""Whatever comes in, the answer is a clear error: no stack trace, no 500."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from graphql import GraphQLInputObjectType, GraphQLList, get_introspection_query
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.crawl import SCHEMA
from tests.harness.person import Person
from tests.harness.processes import Gateway

JSON = {"Content-Type": "application/json"}
NEW = {"Accept": "application/graphql-response+json"}


def post(gateway: Gateway, body: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx2.post(
        f"{gateway.url}/graphql", content=content, headers={**JSON, **NEW, **(headers or {})}, trust_env=False
    )


def clean(answer: httpx2.Response) -> dict[str, Any]:
    """An answer's first error, once it is sure that it tells nothing of the inside."""
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text
    told = answer.json()
    assert told["errors"][0]["message"]
    assert told["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]
    first: dict[str, Any] = told["errors"][0]
    return first


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "The body is not JSON"),
        (b"{", 400, "not JSON"),
        (b"\xff\xfe", 400, "not JSON"),
        (b'{"query": "{ portal { loginUrl } } # \xb3"}', 400, "UTF-8"),
        (b"null", 400, "parameters"),
        (b"3", 400, "parameters"),
        (b"[]", 400, "Batches"),
        (b"[" * 5000, 400, "not JSON"),
        ({}, 400, "query"),
        ({"query": 3}, 400, "query"),
        ({"query": ""}, 400, "empty"),
        ({"query": "{ viewer"}, 400, "Syntax Error"),
        ({"query": "{ nope }"}, 400, "nope"),
        ({"query": "{ viewer { user { login } } }", "variables": []}, 400, "variables"),
        ({"query": "{ viewer { user { login } } }", "operationName": "Other"}, 400, "Other"),
        ({"query": "query A { viewer { user { login } } } query B { node(id: 1) { id } }"}, 400, "operation"),
        ({"query": "mutation { x }"}, 400, "Mutation"),
        ({"query": "subscription { x }"}, 406, "text/event-stream"),
        ({"query": "{" * 1500}, 400, "Syntax Error"),
        ({"query": "{ viewer { clients { nodes " * 400}, 400, "Syntax Error"),
        ({"query": "fragment F on Query { ...F } { ...F }"}, 400, "itself"),
        ({"query": "query($n: Int!) { viewer { clients(first: $n) { totalCount } } }"}, 400, "$n"),
        ({"query": "query($i: ID!) { node(id: $i) { id } }", "variables": {"i": [1]}}, 400, "ID"),
        ({"query": '{ viewer { clients(first: "3") { totalCount } } }'}, 400, "Int"),
        ({"query": "{ viewer { clients(first: 99999999999) { totalCount } } }"}, 400, "Int"),
    ],
)  # fmt: skip
def test_a_request_that_is_none(gateway: Gateway, body: Any, status: int, words: str) -> None:
    answer = post(gateway, body)
    assert answer.status_code == status, answer.text
    assert words in clean(answer)["message"]


def test_deeply_nested_documents_are_refused_and_not_fatal(gateway: Gateway) -> None:
    """The parser recurses; a document within the token limit must not end in a crash."""
    for depth in (200, 900, 5000):
        query = "{ a " * depth + "}" * depth
        assert clean(post(gateway, {"query": query}))["extensions"]["code"].startswith("GRAPHQL_")


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("PUT", JSON, 405),
        ("DELETE", {}, 405),
        ("POST", {"Content-Type": "text/plain"}, 415),
        ("POST", {}, 415),
        ("POST", {"Content-Type": "application/json; charset=latin-1"}, 415),
        ("POST", {**JSON, "Accept": "image/png"}, 406),
        ("GET", {}, 400),
    ],
)
def test_method_and_media_types(gateway: Gateway, method: str, headers: dict[str, str], status: int) -> None:
    answer = httpx2.request(
        method,
        f"{gateway.url}/graphql",
        content=b'{"query": "{ __typename }"}',
        headers=headers,
        trust_env=False,
    )
    assert answer.status_code == status
    clean(answer)
    if status == 405:
        assert "POST" in answer.headers["allow"]


def test_a_packed_body_is_said_to_be_one(gateway: Gateway) -> None:
    answer = post(gateway, gzip.compress(b'{"query": "{ __typename }"}'), {"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert "'Content-Encoding: gzip'" in clean(answer)["message"]


def test_a_mutation_by_get_is_not_allowed(gateway: Gateway) -> None:
    answer = httpx2.get(f"{gateway.url}/graphql", params={"query": "mutation { x }"}, trust_env=False)
    assert answer.status_code == 405


def test_the_older_media_type_keeps_its_status(gateway: Gateway) -> None:
    answer = post(gateway, {"query": "{ nope }"}, {"Accept": "application/json"})
    assert answer.status_code == 200
    assert "nope" in clean(answer)["message"]


def test_parameters_of_a_get_that_are_not_json(gateway: Gateway) -> None:
    for name in ("variables", "extensions"):
        question = {"query": "{ __typename }", name: "{"}
        answer = httpx2.get(f"{gateway.url}/graphql", params=question, headers=NEW, trust_env=False)
        assert answer.status_code == 400
        assert clean(answer)["message"].startswith(f"The parameter '{name}' is not JSON: ")


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("{ __typename }", "application/graphql-response+json", 200),
        ("{ nope }", "application/graphql-response+json", 400),
        ("mutation { x }", "application/json", 405),
        ("", "text/html", 200),
    ],
)
def test_head_answers_like_get_without_the_body(
    gateway: Gateway, query: str, accept: str, status: int
) -> None:
    told = {
        method: httpx2.request(
            method,
            f"{gateway.url}/graphql",
            params={"query": query} if query else {},
            headers={"Accept": accept, "X-Request-Id": "0123456789abcdef"},
            trust_env=False,
        )
        for method in ("GET", "HEAD")
    }
    for answer in told.values():
        assert answer.status_code == status
        for changing in ("date", "x-request-id", "set-cookie"):
            answer.headers.pop(changing, None)
    assert told["GET"].content
    assert not told["HEAD"].content
    assert told["HEAD"].headers == told["GET"].headers


@pytest.mark.parametrize(
    ("arguments", "argument", "words"),
    [
        ("first: 0", "first", "1 to 100"),
        ("first: -1", "first", "1 to 100"),
        ("first: 101", "first", "1 to 100"),
        ('after: "%%%"', "after", "cursor"),
        ('after: "AAAA"', "after", "cursor"),
        ('after: "WyJjb250cmFjdHMiLCIyMDI2LTAxLTAxIiwiMSJd"', "after", "cursor"),  # a cursor of contracts
        ('after: "WyJpbnZvaWNlcyIsIjIwMjYtMTMtMDEiLCIxIl0"', "after", "cursor"),  # month 13
        (
            'filter: { issuedFrom: "2026-02-01", issuedTo: "2026-01-01" }',
            "filter.issuedFrom",
            "2026-02-01 is after 2026-01-01",
        ),
        ('filter: { dueFrom: "2026-02-01", dueTo: "2026-01-01" }', "filter.dueFrom", "must not be after"),
    ],
)
def test_arguments_that_break_a_rule(
    logged_in: Callable[[str], Person], arguments: str, argument: str, words: str
) -> None:
    invoices = f"invoices({arguments}) {{ totalCount }}"
    answer = logged_in("0010001").ask(f"{{ viewer {{ clients {{ nodes {{ {invoices} }} }} }} }}")
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["argument"] == argument
    assert words in error["message"]
    assert error["path"] == ["viewer", "clients", "nodes", 0, "invoices"]


def test_no_list_in_a_filter_may_be_empty(logged_in: Callable[[str], Person]) -> None:
    """Some would mean all by it, and some none. Every `…Filter` of the schema is one of a client's lists."""
    lists = [
        (named.name.removesuffix("Filter").lower() + "s", name)
        for named in SCHEMA.type_map.values()
        if isinstance(named, GraphQLInputObjectType) and named.name.endswith("Filter")
        for name, field in named.fields.items()
        if isinstance(field.type, GraphQLList)
    ]
    assert len(lists) >= 5
    for field, name in lists:
        query = (
            f"{{ viewer {{ clients {{ nodes {{ {field}(filter: {{ {name}: [] }}) {{ totalCount }} }} }} }} }}"
        )
        (error,) = logged_in("0010001").ask(query)["errors"]
        assert error["extensions"]["argument"] == f"filter.{name}"
        assert "must name at least one; leave it out for all" in error["message"]


@pytest.mark.parametrize("day", ["2026-02-31", "31.02.2026", "20260101", "2026-W01-1", "", "x" * 5000])
@pytest.mark.parametrize("by_variable", [False, True])
def test_days_that_are_none(gateway: Gateway, day: str, *, by_variable: bool) -> None:
    if by_variable:
        body: dict[str, Any] = {
            "query": """query($f: InvoiceFilter) { viewer { clients { nodes {
                invoices(filter: $f) { totalCount } } } } }""",
            "variables": {"f": {"issuedFrom": day}},
        }
    else:
        body = {
            "query": f"""{{ viewer {{ clients {{ nodes {{
                invoices(filter: {{ issuedFrom: "{day}" }}) {{ totalCount }} }} }} }} }}"""
        }
    answer = post(gateway, body)
    assert answer.status_code == 400, answer.text
    error = clean(answer)
    assert "YYYY-MM-DD" in error["message"]
    assert error["locations"], "a long document needs to say where"
    assert len(answer.text) < 20_000


@pytest.mark.parametrize("value", ["", "x", "%%%", "ü", "SW52b2ljZTo", "Tm9wZTox", "a" * 10000])
def test_ids_that_are_none(gateway: Gateway, value: str) -> None:
    answer = post(gateway, {"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": value}})
    assert clean(answer)["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_body_over_the_limit(small_gateway: Gateway) -> None:
    for body in (b'{"query": "' + b" " * 300_000 + b'{ __typename }"}', iter([b" " * 100_000] * 4)):
        answer = httpx2.post(f"{small_gateway.url}/graphql", content=body, headers=JSON, trust_env=False)
        assert answer.status_code == 413
        assert "262144" in clean(answer)["message"]


DEEP = (
    "{ viewer { clients { nodes { " + "contracts { nodes { client { " * 5 + "name" + " } } }" * 5 + "} } } }"
)
ALIASES = "{ viewer { " + " ".join(f"a{i}: user {{ login }}" for i in range(61)) + " } }"
ROOTS = "{ " + " ".join(f"b{i}: viewer {{ user {{ login }} }}" for i in range(21)) + " }"


@pytest.mark.parametrize(
    ("query", "figure", "limit"),
    [(DEEP, 19, 16), (ALIASES, 61, 60), (ROOTS, 21, 20)],
    ids=["depth", "aliases", "root fields"],
)
def test_limits_name_figure_and_limit(small_gateway: Gateway, query: str, figure: int, limit: int) -> None:
    answer = post(small_gateway, {"query": query})
    assert answer.status_code == 400
    messages = " ".join(error["message"] for error in answer.json()["errors"])
    assert str(figure) in messages
    assert f"the limit is {limit}" in messages


def nested(first: str) -> str:
    inner = f"client {{ invoices(first: {first}) {{ nodes {{ number }} }} }}"
    invoices = f"invoices(first: 100) {{ nodes {{ {inner} }} }}"
    return f"viewer {{ clients(first: {first}) {{ nodes {{ {invoices} }} }} }}"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (f"{{ {nested('100')} }}", {}),
        (f"query($n: Int) {{ {nested('$n')} }}", {"n": 100}),
        (f"query($n: Int = 100) {{ {nested('$n')} }}", {}),
        (f"query A {{ ...F }} fragment F on Query {{ {nested('100')} }}", {}),
    ],
    ids=["literal", "variable", "default", "fragment"],
)
def test_lists_in_lists_multiply(small_gateway: Gateway, query: str, variables: dict[str, int]) -> None:
    """Few lines and few calls to the back office, and two million values to make."""
    answer = post(small_gateway, {"query": query, "variables": variables})
    assert answer.status_code == 400, answer.text
    keys = 10
    cost = 2 + 100 * (1 + keys + 1 + 100 * (1 + keys + 1 + keys + 1 + 100 * (1 + 1)))
    assert f"may cost {cost}; the limit is 500000" in clean(answer)["message"]
    if variables:
        assert post(small_gateway, {"query": query, "variables": {"n": 5}}).status_code == 200


def test_introspection_is_bounded_too(small_gateway: Gateway) -> None:
    """Nobody needs to log in for it."""
    whole = post(small_gateway, {"query": get_introspection_query()})
    assert (whole.status_code, "errors" in whole.json()) == (200, False)
    types = "types { fields { name args { name } } }"
    for query, limit in (
        ("{ __schema { " + " ".join(f"a{i}: {types}" for i in range(61)) + " } }", 60),
        ("{ " + " ".join(f"a{i}: __schema {{ {types} }}" for i in range(21)) + " }", 20),
    ):
        assert f"the limit is {limit}" in clean(post(small_gateway, {"query": query}))["message"]


def test_fragments_do_not_hide_depth_or_aliases(small_gateway: Gateway) -> None:
    fragments = "fragment F0 on Query { x: viewer { user { login } } } " + " ".join(
        f"fragment F{i} on Query {{ ...F{i - 1} ...F{i - 1} }}" for i in range(1, 25)
    )
    answer = post(small_gateway, {"query": f"{fragments} {{ ...F24 }}"})
    assert answer.status_code == 400, "16 million fields behind 25 fragments"
    assert "16777216" in answer.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300) | st.text(max_size=200).map(lambda q: json.dumps({"query": q}).encode()))
def test_noise(gateway: Gateway, body: bytes) -> None:
    assert 400 <= post(gateway, body).status_code < 500


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [("/", "evil.example", 400), ("/nope", "", 404), ("/healthz", "10.0.0.1", 200)],
)
def test_hosts_and_paths(gateway: Gateway, path: str, host: str, status: int) -> None:
    headers = {"Host": host} if host else {}
    answer = httpx2.get(gateway.url + path, headers=headers, trust_env=False)
    assert answer.status_code == status
    assert ("LEASEGRAPH_PUBLIC_URL" in answer.text) == (host == "evil.example"), "an operator's first proxy"
