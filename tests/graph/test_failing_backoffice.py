"""A back-office system that fails costs its own fields, says so at their paths, and is asked again."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

QUERY = """{ viewer { user { login } clients { nodes { number
  balances { net { amount } }
  invoices(first: 3) { nodes { number allocations { kind } documents { kind } } } } } } }"""


def errors_by_path(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {".".join(map(str, error["path"])): error["extensions"] for error in answer.get("errors", [])}


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 503}, "UPSTREAM_UNAVAILABLE"),
        ({"status": 429, "retryAfter": 1}, "UPSTREAM_UNAVAILABLE"),
        ({"status": 500}, "UPSTREAM_UNAVAILABLE"),
        ({"status": 400}, "UPSTREAM_REJECTED"),
        ({"mode": "refuse"}, "UPSTREAM_UNAVAILABLE"),
        ({"mode": "reset-mid-body"}, "UPSTREAM_UNAVAILABLE"),
        ({"mode": "garbage"}, "UPSTREAM_MALFORMED"),
        ({"mode": "half-batch"}, "UPSTREAM_MALFORMED"),
        ({"mode": "hang"}, "UPSTREAM_TIMEOUT"),
        ({"latencyMs": 9000}, "UPSTREAM_TIMEOUT"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value,
)
def test_one_relation_fails_and_the_rest_stands(
    fault: dict[str, Any], code: str, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = logged_in("0010001")
    whole = person.data(QUERY)
    with backoffice.fault("/v1/allocations/list", **fault):
        began = time.monotonic()
        answer = person.ask(QUERY)
        assert time.monotonic() - began < 7.5, "the ERP's deadline of 4 s was not kept"
    (client,) = answer["data"]["viewer"]["clients"]["nodes"]
    (healthy,) = whole["viewer"]["clients"]["nodes"]
    assert client["balances"] == healthy["balances"]
    expected = [{**each, "allocations": None} for each in healthy["invoices"]["nodes"]]
    assert client["invoices"]["nodes"] == expected
    told = errors_by_path(answer)
    assert set(told) == {f"viewer.clients.nodes.0.invoices.nodes.{i}.allocations" for i in range(3)}
    for extensions in told.values():
        assert (extensions["code"], extensions["upstream"]) == (code, "erp")
        assert extensions["requestId"]
    assert person.data(QUERY) == whole, "the next query after its return must be right"


def test_the_log_says_what_could_not_be_read(
    gateway: Gateway, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    """The answer doesn't: what the system sent is its own business."""
    with backoffice.fault("/v1/balances/list", mode="garbage"):
        (error,) = logged_in("0010001").ask(QUERY)["errors"]
    request_id = error["extensions"]["requestId"]
    lines = [json.loads(line) for line in gateway.process.log.read_text().splitlines() if request_id in line]
    (line,) = [each for each in lines if each["level"] == "WARNING"]
    assert (line["code"], line["upstream"]) == ("UPSTREAM_MALFORMED", "erp")
    assert line["path"] == error["path"]
    assert "malformed" in line["why"]
    assert line["why"] not in str(error)


def test_the_document_store_alone_fails(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    person = logged_in("0010001")
    with backoffice.fault("/documents/*", mode="refuse"):
        answer = person.ask(QUERY)
    nodes = answer["data"]["viewer"]["clients"]["nodes"][0]["invoices"]["nodes"]
    assert [node["documents"] for node in nodes] == [None] * 3
    assert all(node["allocations"] is not None for node in nodes)
    assert {extensions["upstream"] for extensions in errors_by_path(answer).values()} == {"documents"}


def test_everything_fails_and_the_answer_is_still_one(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    person = logged_in("0010001")
    with backoffice.fault("/v1/*", mode="refuse"):
        answer = person.ask(QUERY)
    assert answer["data"]["viewer"] == {"user": {"login": "0010001"}, "clients": None}
    assert set(errors_by_path(answer)) == {"viewer.clients"}


def test_errors_tell_nothing_of_the_inside(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    with backoffice.fault("/v1/*", mode="refuse"):
        answer = logged_in("0010001").ask(QUERY)
    text = str(answer["errors"])
    assert str(backoffice.port) not in text
    assert "Traceback" not in text
    assert "httpx" not in text.lower()


def test_a_malformed_record_is_only_its_own_error(logged_in: Callable[[str], Person]) -> None:
    """Client 0010009 holds one legacy invoice that can't be read."""
    person = logged_in("0010009")
    answer = person.ask("""{ viewer { clients { nodes { invoices(first: 100) {
        totalCount nodes { number } edges { cursor node { number } } } } } } }""")
    invoices = answer["data"]["viewer"]["clients"]["nodes"][0]["invoices"]
    assert len(invoices["nodes"]) == invoices["totalCount"]
    broken = [index for index, node in enumerate(invoices["nodes"]) if node is None]
    assert len(broken) == 1
    (by_nodes, by_edges) = answer["errors"]
    path = ["viewer", "clients", "nodes", 0, "invoices"]
    assert by_nodes["path"] == [*path, "nodes", broken[0]]
    assert by_edges["path"] == [*path, "edges", broken[0], "node"]
    assert by_nodes["extensions"]["code"] == "RECORD_MALFORMED"
    assert "malformed invoice " in by_nodes["message"]


def test_paging_passes_over_a_malformed_record(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010009")
    query = """query Page($after: String) { viewer { clients { nodes { invoices(first: 1, after: $after) {
        totalCount nodes { number } pageInfo { hasNextPage endCursor } } } } } }"""
    seen: list[Any] = []
    after: str | None = None
    while True:
        page = person.ask(query, after=after)["data"]["viewer"]["clients"]["nodes"][0]["invoices"]
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(seen) < 200
    assert len(seen) == page["totalCount"]
    assert seen.count(None) == 1
    numbers = [node["number"] for node in seen if node]
    assert len(set(numbers)) == len(numbers)


def test_a_back_office_that_lies_reveals_nothing(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    """Records of other clients under this client's keys are dropped, whoever mixed them up."""
    person = logged_in("0010001")
    own = str(person.data(QUERY))
    with backoffice.fault("/v1/*", mode="lie"):
        answer = person.ask(QUERY)
    told = str(answer["data"])
    for fragment in told.replace("'", " ").split():
        if fragment.startswith(("FV/", "FK/")):
            assert fragment in own
