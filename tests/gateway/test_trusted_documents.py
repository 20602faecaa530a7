"""A gateway that runs the documents of a manifest, by their ids, and no others."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from execution.documents import Documents
from execution.engine import Engine
from gateway.cli.demo import over_sandbox
from gateway.graphql.cost import Costs
from gateway.graphql.limits import size_rule
from gateway.graphql.manifest import read_manifest
from gateway.graphql.trusted import requested_documents
from gateway.setting import SettingsError
from gateway.settings import Settings, load
from schema.build import build
from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox, free_ports
from tests.harness.streams import open_events, open_socket

NEW = "application/graphql-response+json"
OLD = "application/json"
WHO = "query Who { viewer { user { login } } }"
CLIENTS = """query Clients($first: Int, $more: Boolean = false) {
  viewer { clients(first: $first) { nodes { number name @include(if: $more) } } }
}"""
READ = "mutation Read($id: ID!) { notificationRead(input: { notification: $id }) { errors { message } } }"
LIST = (
    "query { viewer { clients(first: 100) { nodes { invoices(first: 100) { nodes { lines { name } } } } } } }"
)
DEAR = """query Dear($first: Int!) {
  viewer { clients(first: 5) { nodes { contracts(first: $first) { nodes { number } } } } }
}"""
BY_ID = {"who": WHO, "clients": CLIENTS, "read": READ, "dear": DEAR}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def apollo(documents: dict[str, str]) -> str:
    operations = [{"id": key, "name": key, "type": "query", "body": text} for key, text in documents.items()]
    return json.dumps({"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations})


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("strict")
    manifest = folder / "manifest.json"
    manifest.write_text(apollo(BY_ID))
    running = Gateway(folder, backoffice, TRUSTED_DOCUMENTS=manifest, MAX_COST=1000)
    yield running
    running.close()


@pytest.fixture(scope="module")
def person(strict: Gateway, backoffice: Sandbox) -> Iterator[Person]:
    with Person(strict, backoffice) as somebody:
        somebody.enter("0010001")
        yield somebody


def ask(person: Person, body: dict[str, Any], accept: str = NEW) -> httpx2.Response:
    return person.browser.post(
        "/graphql", json=body, headers={"GraphQL-Require-Preflight": "1", "Accept": accept}
    )


def get(person: Person, **parameters: Any) -> httpx2.Response:
    told = {name: each if isinstance(each, str) else json.dumps(each) for name, each in parameters.items()}
    return person.browser.get(
        "/graphql", params=told, headers={"GraphQL-Require-Preflight": "1", "Accept": NEW}
    )


def hashed(key: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": key}}}


WHO_ANSWER = {"data": {"viewer": {"user": {"login": "0010001"}}}}


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "who"},
        {"documentId": f"sha256:{digest(WHO)}"},
        {"documentId": digest(WHO), "operationName": "Who"},
        {"documentId": "who", "query": ""},
        {"documentId": "who", "query": None, "variables": None},
        hashed("who"),
        hashed(digest(WHO)),
        {"query": WHO, **hashed(digest(WHO))},
        {"query": WHO},
    ],
    ids=["custom", "prefixed", "plain", "empty", "null", "extension", "SHA-256", "both", "text"],
)
def test_a_trusted_document_by_any_of_its_names(person: Person, body: dict[str, Any]) -> None:
    for _ in range(2):
        answer = ask(person, body)
        assert (answer.status_code, answer.json()) == (200, WHO_ANSWER)


def test_by_get(person: Person) -> None:
    for parameters in ({"documentId": f"sha256:{digest(WHO)}"}, hashed("who")):
        answer = get(person, **parameters)
        assert (answer.status_code, answer.json()) == (200, WHO_ANSWER)
    refused = get(person, documentId="read", variables={"id": "x"})
    assert refused.status_code == 405, "a mutation stays one, whatever names it"
    assert refused.headers["allow"] == "POST"


def test_variables_choose_the_plan(person: Person) -> None:
    for more in (False, True, False):
        answer = ask(person, {"documentId": "clients", "variables": {"first": 1, "more": more}}).json()
        (client,) = answer["data"]["viewer"]["clients"]["nodes"]
        assert ("name" in client) is more


def code(answer: httpx2.Response) -> str:
    (error,) = answer.json()["errors"]
    assert "data" not in answer.json()
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"documentId": "nope"}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": f"sha256:{'0' * 64}"}, "PERSISTED_QUERY_NOT_FOUND"),
        (hashed("0" * 64), "PERSISTED_QUERY_NOT_FOUND"),
        ({"query": "{ __typename }"}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": "{ __schema { types { name } } }"}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": "{{{"}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": WHO + " "}, "DOCUMENT_NOT_TRUSTED"),
    ],
    ids=["id", "prefixed id", "extension", "text", "introspection", "noise", "almost"],
)
def test_others_are_refused(person: Person, body: dict[str, Any], expected: str) -> None:
    """As the draft says: a well-formed request whose document isn't run, 200 in the older media type."""
    for accept, status in ((NEW, 400), (OLD, 200)):
        answer = ask(person, body, accept)
        assert (answer.status_code, code(answer)) == (status, expected)


def test_apollos_clients_are_told_in_their_words(person: Person, gateway: Gateway) -> None:
    (error,) = ask(person, hashed("0" * 64)).json()["errors"]
    assert error["message"] == "PersistedQueryNotFound"
    told = httpx2.post(f"{gateway.url}/graphql", json=hashed("0" * 64), trust_env=False)
    assert (told.status_code, code(told)) == (200, "PERSISTED_QUERY_NOT_SUPPORTED")
    assert told.json()["errors"][0]["message"] == "PersistedQueryNotSupported"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "'query'"),
        ({"query": WHO, "documentId": "who"}, "not both"),
        ({"query": WHO, **hashed(digest(READ))}, "is not the SHA-256"),
        (
            {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}},
            "'extensions.persistedQuery'",
        ),
        ({"extensions": {"persistedQuery": "x"}}, "'extensions.persistedQuery'"),
        ({"documentId": 3}, "documentId"),
    ],
)
def test_requests_that_are_none(person: Person, body: dict[str, Any], words: str) -> None:
    for accept in (NEW, OLD):
        answer = ask(person, body, accept)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
        assert words in answer.json()["errors"][0]["message"]


def test_a_trusted_document_costs_as_any_other(person: Person) -> None:
    for first, status in ((5, 200), (100, 400)):
        cost = 2 + 5 * (1 + 1 + 10 + first * 2)
        answer = ask(
            person, {"documentId": "dear", "variables": {"first": first}, "extensions": {"cost": True}}
        )
        assert answer.status_code == status
        assert answer.json()["extensions"] == {"cost": {"requested": cost, "limit": 1000}}
        if status == 400:
            (error,) = answer.json()["errors"]
            assert f"may cost {cost}; the limit is 1000" in error["message"]


async def test_on_streams(strict: Gateway, person: Person) -> None:
    async with open_socket(strict.url, person) as socket:
        await socket.initialise()
        for payload in ({"documentId": "who"}, hashed(digest(WHO))):
            await socket.send(id="1", type="subscribe", payload=payload)
            assert (await socket.receive())["payload"] == WHO_ANSWER
            assert (await socket.receive())["type"] == "complete"
        await socket.subscribe("{ __typename }", "2")
        refused = await socket.receive()
        assert refused["type"] == "error"
        assert refused["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
    async with open_events(strict.url, {"documentId": "who"}, person) as events:
        assert await events.next() == WHO_ANSWER
        assert await events.next() == "complete"
    async with open_events(strict.url, {"documentId": "nope"}, person) as events:
        assert events.response.status_code == 400


def test_there_is_no_graphiql(person: Person) -> None:
    page = person.browser.get("/graphql", headers={"Accept": "text/html"})
    assert page.status_code == 403
    assert "documents that its operator trusts" in page.text


def trusting(folder: Path, manifest: str, **settings: Any) -> None:
    """What the start does with a manifest."""
    path = folder / "manifest.json"
    path.write_text(manifest, encoding="utf-8")
    schema, told = build(), Settings(trusted_documents=path, **settings)
    documents = Documents(schema._schema, [size_rule(told)], most_tokens=told.max_tokens)
    requested_documents(told, documents, Costs(schema._schema, limit=told.max_cost), Engine(schema))


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("{", "it is not JSON"),
        ("[]", "it holds no object"),
        ("{}", "it holds no documents"),
        ('{"a": 3}', "'a': an id and a document are texts"),
        (f'{{"a": "{WHO}", "a": "{WHO}"}}', "'a' is there twice"),
        (json.dumps({"0" * 64: WHO}), f"is not the SHA-256 of its document, which is {digest(WHO)}"),
        (json.dumps({"sha256:0": WHO}), "'sha256:0' is not the SHA-256"),
        ('{"format": "other", "version": 1, "operations": []}', "its format is 'other'"),
        ('{"format": "apollo-persisted-query-manifest", "version": 1}', "'operations' is no list"),
        (apollo({"a": "{ viewer"}), "'a', line 1: Syntax Error"),
        (apollo({"a": WHO, "b": "query B {\n  nope }"}), "'b' (B), line 2: Cannot query field 'nope'"),
        (apollo({"a": "fragment F on Query { __typename }"}), "'a', line 1: Fragment 'F' is never used."),
        (apollo({"a": "{ a: __typename b: __typename }"}), "holds 2 aliases; the limit is 1"),
        (apollo({"a": LIST}), "the limit is 1000"),
        (apollo({f"{i}": "{ nope }" for i in range(12)}), "; and 2 more"),
    ],
)  # fmt: skip
def test_a_manifest_that_stops_the_start(tmp_path: Path, manifest: str, words: str) -> None:
    with pytest.raises(SettingsError) as error:
        trusting(tmp_path, manifest, max_aliases=1, max_cost=1000)
    assert words in str(error.value)
    assert str(tmp_path / "manifest.json") in str(error.value)


def test_the_start_stops_with_status_2(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(apollo({"a": "{ nope }"}))
    told = {"DATA_DIR": tmp_path, "PORT": free_ports(1)[0], "TRUSTED_DOCUMENTS": manifest}
    run = subprocess.run(
        [sys.executable, "-m", "gateway", "serve"],
        env={**os.environ, **{f"LEASEGRAPH_{name}": str(value) for name, value in told.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, "Traceback" in run.stderr) == (2, False), run.stderr
    assert "'a', line 1: Cannot query field 'nope'" in run.stderr


def test_a_plain_manifest(tmp_path: Path) -> None:
    """As graphql-codegen and Relay write it; ids are theirs."""
    path = tmp_path / "persisted-documents.json"
    path.write_text(json.dumps({"0a1b": WHO, f"sha256:{digest(READ)}": READ}))
    assert read_manifest(path) == {"0a1b": WHO, digest(READ): READ}


def test_trusted_documents_are_compiled_at_the_start_and_never_forgotten() -> None:
    schema = build()
    documents = Documents(schema._schema, most=1)
    engine = Engine(schema, most=1)
    kept = documents.keep(CLIENTS)
    engine.prepare(kept.operations[0])
    assert len(engine.plans) == 2, "one for each value of @include's variable"
    for each in range(5):
        documents.read(f"{{ a{each}: __typename }}")
    assert documents.read(CLIENTS) is kept
    assert len(documents) == 2


def test_who_may_ask_other_documents(tmp_path: Path) -> None:
    path = str(tmp_path / "manifest.json")
    for given, alone, in_the_demo in (
        ({}, True, True),
        ({"TRUSTED_DOCUMENTS": path}, False, True),
        ({"TRUSTED_DOCUMENTS": path, "ADHOC_DOCUMENTS": "no"}, False, False),
        ({"TRUSTED_DOCUMENTS": path, "ADHOC_DOCUMENTS": "yes"}, True, True),
    ):
        settings = load({f"LEASEGRAPH_{name}": value for name, value in given.items()})
        assert settings.runs_adhoc_documents is alone
        assert over_sandbox(settings, "key").runs_adhoc_documents is in_the_demo
    with pytest.raises(SettingsError, match="nothing could be asked"):
        load({"LEASEGRAPH_ADHOC_DOCUMENTS": "no"})
