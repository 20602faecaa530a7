"""Beyond the draft's audits: compressed answers, what operations cost, the older media type's status."""

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import brotli
import httpx2
import pytest
from graphql import get_introspection_query

from gateway.compression import LARGE, coding_of
from gateway.graphql.cost import RELATION
from resolvers import qr
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.streams import open_events

NEW = "application/graphql-response+json"
WHOLE = get_introspection_query()
_FIELDS = WHOLE[WHOLE.index("__schema {") + 10 : WHOLE.index("fragment FullType")].rstrip()[:-1]
TWICE = f"{{ a: __schema {{ {_FIELDS} b: __schema {{ {_FIELDS} }} {WHOLE[WHOLE.index('fragment FullType') :]}"
DECODED: dict[str | None, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    None: bytes,
}


def ask(
    gateway: Gateway, query: str, encoding: str, method: str = "POST", **headers: str
) -> tuple[httpx2.Response, bytes]:
    """The answer, and its content as it is on the wire."""
    sent = {"Accept": NEW, "Accept-Encoding": encoding, **headers}
    given: dict[str, Any] = {"json" if method == "POST" else "params": {"query": query}}
    url = f"{gateway.url}/graphql"
    with (
        httpx2.Client(trust_env=False, timeout=30) as client,
        client.stream(method, url, headers=sent, **given) as answer,
    ):
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("GZIP ; q=0.1", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("identity;q=0.5, gzip;q=0.5", None),
        ("identity;q=0.5, gzip", "gzip"),
        ("gzip;q=nonsense", None),
        ("deflate, zstd", None),
        (",;,", None),
    ],
)
def test_the_coding_that_is_asked_for(asked: str, coding: str | None) -> None:
    found = coding_of(asked)
    assert (found.name if found else None) == coding


@pytest.mark.parametrize("query", [WHOLE, TWICE], ids=["in the loop", "in a thread"])
def test_a_large_answer_is_compressed(gateway: Gateway, query: str) -> None:
    plain, whole = ask(gateway, query, "")
    assert "content-encoding" not in plain.headers
    assert (len(whole) > LARGE) == (query is TWICE)
    for asked in ("gzip", "br"):
        answer, content = ask(gateway, query, asked)
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, asked)
        assert {each.strip() for each in answer.headers["vary"].split(",")} >= {"Accept", "Accept-Encoding"}
        assert int(answer.headers["content-length"]) == len(content) < len(whole) / 5
        assert DECODED[asked](content) == whole


def test_head_tells_the_compressed_length(gateway: Gateway) -> None:
    got, content = ask(gateway, WHOLE, "gzip", "GET")
    told, nothing = ask(gateway, WHOLE, "gzip", "HEAD")
    assert nothing == b""
    for name in ("content-length", "content-encoding", "vary", "content-type"):
        assert told.headers[name] == got.headers[name]
    assert json.loads(gzip.decompress(content))["data"]


def test_small_answers_are_sent_as_they_are(gateway: Gateway) -> None:
    for query in ("{ __typename }", "{ nope }"):
        answer, content = ask(gateway, query, "gzip, br")
        assert "content-encoding" not in answer.headers
        assert "Accept-Encoding" in answer.headers["vary"], "a larger answer to the same address would differ"
        assert json.loads(content)


async def test_event_streams_are_not_compressed(gateway: Gateway, logged_in: Callable[[str], Person]) -> None:
    """Nothing may hold back an event."""
    person = logged_in("0010001")
    asked = {"Accept-Encoding": "gzip, br"}
    async with open_events(gateway.url, WHOLE, person, **asked) as events:
        assert "content-encoding" not in events.response.headers
        answer = await events.next()
        assert isinstance(answer, dict)
        assert answer["data"]["__schema"]


def test_an_operation_says_what_it_costs_where_asked(small_gateway: Gateway, backoffice: Sandbox) -> None:
    query = """query($n: Int) { viewer { clients(first: 1) { nodes { invoices(first: $n) { nodes {
      number ksef { qrSvg } } } } } } }"""
    with Person(small_gateway, backoffice) as person:
        person.enter("0010003")
        for n in (1, 20):
            answer = person.browser.post(
                "/graphql",
                json={"query": query, "variables": {"n": n}, "extensions": {"cost": True}},
                headers={"Accept": NEW, "GraphQL-Require-Preflight": "1"},
            ).json()
            cost = 2 + 1 + 1 + RELATION + n * (1 + 1 + 1 + 1 + qr.COST)
            assert answer["extensions"] == {"cost": {"requested": cost, "limit": 500_000}}
            assert "errors" not in answer
        assert "extensions" not in person.ask(query)


@pytest.fixture(scope="module")
def modern(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    running = Gateway(tmp_path_factory.mktemp("modern"), backoffice, LEGACY_STATUS="no")
    yield running
    running.close()


def test_the_older_media_type_may_say_400_too(modern: Gateway) -> None:
    body: dict[str, Any]
    for body, status in (
        ({"query": "{ __typename }"}, 200),
        ({"query": "{"}, 400),
        ({"query": "{ nope }"}, 400),
        ({"query": "query($n: Int!) { viewer { clients(first: $n) { totalCount } } }"}, 400),
        ({"documentId": "nope"}, 400),
    ):
        answer = httpx2.post(
            f"{modern.url}/graphql", json=body, headers={"Accept": "application/json"}, trust_env=False
        )
        assert answer.status_code == status, body
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
