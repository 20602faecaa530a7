"""Client A gets nothing of client B: by every root field, argument, cursor and id that the schema has."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_leaf_type

from tests.harness.crawl import SCHEMA, root_fields, selection, strings
from tests.harness.person import Person, people
from tests.harness.processes import ENGINES, GENEROUS, Gateway, Sandbox
from tests.harness.requests import KINDS, right_input

A, B = "0010001", "0010003"
DEPTH = 3
MUTATION_INPUTS: dict[str, Any] = {
    name.removesuffix("Input"): named for name, named in SCHEMA.type_map.items() if name.endswith("Input")
}


@dataclass
class Belongings:
    """What a client sees of its own: ids, human keys, cursors, links, and every text."""

    ids: set[str]
    numbers: set[str]
    cursors: set[str]
    links: set[str]
    texts: set[str]


def belongings(person: Person) -> Belongings:
    found = Belongings(set(), set(), set(), set(), set())
    query = "{ viewer " + selection(get_named_type(root_fields()["viewer"].type), DEPTH) + " }"
    for key, value in strings(person.ask(query)["data"]):
        field = key.rpartition("_")[2]
        found.texts.add(value)
        if field == "id":
            found.ids.add(value)
        elif field == "number":
            found.numbers.add(value)
        elif field.endswith("Cursor"):
            found.cursors.add(value)
        elif field == "url":
            found.links.add(value)
    return found


@pytest.fixture(scope="module", params=ENGINES)
def gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox
) -> Iterator[Gateway]:
    """A gateway of each engine, and one of them with a cache: nothing may be a way round the policy."""
    cache = ("CACHE_SECONDS", "CACHE_STALE_SECONDS", "CACHE_AMOUNTS_SECONDS")
    settings = GENEROUS | (dict.fromkeys(cache, 3600) if request.param == "graphql-core" else {})
    running = Gateway(tmp_path_factory.mktemp("isolation"), backoffice, ENGINE=request.param, **settings)
    yield running
    running.close()


@pytest.fixture(scope="module")
def logged_in(gateway: Gateway, backoffice: Sandbox) -> Iterator[Callable[[str], Person]]:
    """People by client number, each logged in once."""
    with people(gateway, backoffice) as person:
        yield person


@pytest.fixture(scope="module")
def a(logged_in: Callable[[str], Person]) -> Person:
    return logged_in(A)


@pytest.fixture(scope="module")
def own(a: Person) -> Belongings:
    return belongings(a)


@pytest.fixture(scope="module")
def foreign(logged_in: Callable[[str], Person], own: Belongings) -> Belongings:
    """What is B's and not also A's: enum values, dates and round amounts say nothing."""
    theirs = belongings(logged_in(B))
    theirs.texts = {text for text in theirs.texts - own.texts if len(text) >= 6 and not looks_common(text)}
    theirs.numbers -= own.numbers
    theirs.ids -= own.ids
    assert len(theirs.ids) > 10
    assert len(theirs.numbers) > 5
    assert theirs.cursors
    assert len(theirs.links) > 3
    return theirs


def looks_common(text: str) -> bool:
    return (
        text.replace("_", "").isupper() or not any(letter.isalpha() for letter in text) or "T" in text[8:12]
    )


def attacks(theirs: Belongings) -> list[tuple[str, str, Any]]:
    """(name, query, its key) for each root field, with each of B's keys as each argument."""
    made = []
    for name, field in root_fields().items():
        target = get_named_type(field.type)
        body = "" if is_leaf_type(target) else selection(target, 1)
        for argument, about in field.args.items():
            query = f"query($key: {about.type}) {{ it: {name}({argument}: $key) {body} }}"
            made += [(f"{name}({argument})", query, key) for key in keys_for(argument, about.type, theirs)]
    return made


def keys_for(argument: str, of: Any, theirs: Belongings) -> list[Any]:
    """What of B's an argument can be given; nothing for a number or an order, which name nobody."""
    named = get_named_type(of)
    if isinstance(named, GraphQLInputObjectType):
        words = [name for name, field in named.fields.items() if str(field.type) == "String"]
        return [{word: key} for word in words for key in sorted(theirs.numbers)[:5]]
    if argument == "after":
        return sorted(theirs.cursors)
    if named.name not in ("ID", "String"):
        return []
    keys = sorted(theirs.ids if named.name == "ID" else theirs.numbers | theirs.ids)
    return [[key] for key in keys] if "[" in str(of) else keys


def test_by_every_argument_of_every_root_field(a: Person, foreign: Belongings) -> None:
    tried: dict[str, int] = {}
    for name, query, key in attacks(foreign):
        answer = a.ask(query, key=key)
        found = answer["data"]["it"]
        assert found in (None, [None]), (name, query[:80], answer)
        tried[name] = tried.get(name, 0) + 1
    with_arguments = {f"{name}({each})" for name, field in root_fields().items() for each in field.args}
    naming_nobody = {name for name in with_arguments if name.endswith(("(first)", "(orderBy)"))}
    assert set(tried) == with_arguments - naming_nobody, "a root field with an argument was not tried"


def test_a_foreign_id_answers_like_a_missing_one(a: Person, foreign: Belongings) -> None:
    query = "query($id: ID!) { node(id: $id) { id } }"
    for theirs in sorted(foreign.ids):
        type_name = base64.urlsafe_b64decode(theirs + "=" * (-len(theirs) % 4)).decode().partition(":")[0]
        missing = base64.urlsafe_b64encode(f"{type_name}:999999999".encode()).decode().rstrip("=")
        assert a.ask(query, id=theirs) == a.ask(query, id=missing) == {"data": {"node": None}}


def test_by_every_cursor(a: Person, foreign: Belongings) -> None:
    """A cursor is a place in a list, whoever's: A's list stays A's."""
    body = get_named_type(root_fields()["viewer"].type)
    for cursor in sorted(foreign.cursors):
        answer = a.ask("{ viewer " + selection(body, 2, after=cursor) + " }")
        leaked = {value for _, value in strings(answer["data"])} & foreign.texts
        assert not leaked


def test_by_every_link(
    a: Person, foreign: Belongings, own: Belongings, logged_in: Callable[[str], Person]
) -> None:
    """Nor by a link of A's that says another client, another document, or has another's signature."""
    missing = a.browser.get("/documents/missing")
    made = {spliced(mine, theirs) for mine in sorted(own.links)[:3] for theirs in sorted(foreign.links)}
    for link in sorted(foreign.links | made):
        answer = a.browser.get(link)
        assert (answer.status_code, answer.content) == (404, missing.content), link
    b = logged_in(B)
    assert b.browser.get(min(foreign.links)).status_code == 200


def spliced(mine: str, theirs: str) -> str:
    """The signature of one link before what another promises."""
    raw = [
        base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        for token in (link.rpartition("/")[2] for link in (mine, theirs))
    ]
    return "/documents/" + base64.urlsafe_b64encode(raw[0][:32] + raw[1][32:]).decode().rstrip("=")


def test_nothing_of_b_is_in_the_whole_of_a(own: Belongings, foreign: Belongings) -> None:
    assert not own.ids & foreign.ids
    assert not own.texts & foreign.texts


def test_without_a_session_there_is_nothing(
    gateway: Gateway, backoffice: Sandbox, foreign: Belongings
) -> None:
    with Person(gateway, backoffice) as stranger:
        assert stranger.ask("{ viewer { user { login } } }") == {"data": {"viewer": None}}
        for name, query, key in attacks(foreign):
            answer: dict[str, Any] = stranger.ask(query, key=key)
            assert answer["data"]["it"] in (None, [None]), name


def test_a_group_sees_all_its_clients_and_no_more(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("0010010")
    data = person.data("""{ viewer { clients { nodes { number } totalCount } }
        a: client(number: "0010011") { number } b: client(number: "0010001") { number } }""")
    numbers = [node["number"] for node in data["viewer"]["clients"]["nodes"]]
    assert numbers == ["0010010", "0010011", "0010012"]
    assert data["viewer"]["clients"]["totalCount"] == 3
    assert (data["a"], data["b"]) == ({"number": "0010011"}, None)


def test_a_malformed_foreign_record_answers_like_a_missing_one(
    a: Person, logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    """Client 0010009 holds an invoice that can't be read; nobody else can tell that there is one."""
    answer = logged_in("0010009").ask(
        "{ viewer { clients { nodes { invoices(first: 100) { nodes { id } } } } } }"
    )
    (error,) = answer["errors"]
    key = error["message"].partition("malformed invoice ")[2].partition(":")[0]
    (invoice,) = [each for each in backoffice.page("invoices", "client", "0010009") if each["id"] == key]
    node = base64.urlsafe_b64encode(f"Invoice:{key}".encode()).decode().rstrip("=")
    query = "query($id: ID!, $number: String!) { node(id: $id) { id } invoice(number: $number) { id } }"
    nothing = {"data": {"node": None, "invoice": None}}
    assert a.ask(query, id=node, number=invoice["number"]) == nothing
    assert logged_in("0010009").ask(query, id=node, number=invoice["number"])["errors"]


def test_no_mutation_tells_a_foreign_object_from_a_missing_one(a: Person, foreign: Belongings) -> None:
    """Each id of each mutation's input, with ids of B's of every type: nothing is done, or told."""
    tried = set()
    inputs = {f"ServiceRequest{name}Submit": right_input(a, name) for name in KINDS}
    choice = {"ids": [inputs["ServiceRequestPolicyDuplicateSubmit"]["contractId"]]}
    inputs["ServiceRequestCooperationOpinionSubmit"]["contracts"] = choice
    inputs |= {step: {"id": "none"} for step in ("ServiceRequestCancel", "ServiceRequestOfferAccept")}
    inputs["NotificationRead"] = {"notification": "none"}
    user = {"clientId": "none", "login": B}
    inputs |= {"PortalUserRemove": user, "PortalUserInvitationResend": user}
    inputs["PortalUserRoleChange"] = {**user, "role": "FLEET"}
    inputs["PortalUserInvite"] = {
        "clientId": "none", "email": "anna@example.com", "firstName": "Anna", "surname": "Nowak",
        "role": "OWNER", "idempotencyKey": uuid4().hex,
    }  # fmt: skip
    assert SCHEMA.mutation_type is not None
    for mutation, given in inputs.items():
        field = mutation[0].lower() + mutation[1:]
        payload = get_named_type(SCHEMA.mutation_type.fields[field].type)
        assert isinstance(payload, GraphQLObjectType)
        objects = [name for name, of in payload.fields.items() if not is_leaf_type(of.type)]
        (thing,) = [name for name in objects if name != "errors"]
        query = f"""mutation($input: {mutation}Input!) {{ it: {field}(input: $input) {{
            {thing} {{ __typename }} errors {{ __typename message path code }} }} }}"""
        for path in id_paths(MUTATION_INPUTS[mutation]):
            missing = a.ask(query, input=replaced(given, path, "Q29udHJhY3Q6OTk5OTk5OTk5"))
            assert missing["data"]["it"][thing] is None
            assert [error["code"] for error in missing["data"]["it"]["errors"]] == ["NOT_FOUND"]
            for theirs in some_of_each_type(foreign.ids):
                answer = a.ask(query, input=replaced(given, path, theirs))
                assert answer == missing, (mutation, path)
                tried.add((mutation, path))
    names = {f"{name[0].upper()}{name[1:]}" for name in SCHEMA.mutation_type.fields}
    names = {name for name in names if id_paths(MUTATION_INPUTS[name])}
    assert {mutation for mutation, _ in tried} == names, "a mutation was not tried"


def some_of_each_type(ids: set[str]) -> list[str]:
    """At most three ids of each type."""
    by_type: dict[bytes, list[str]] = {}
    for each in sorted(ids):
        name = base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)).partition(b":")[0]
        by_type.setdefault(name, []).append(each)
    assert {b"Client", b"Contract", b"ServiceRequest", b"InsurancePolicy"} <= set(by_type)
    return [each for some in by_type.values() for each in some[:3]]


def id_paths(named: Any, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The ways to each ID in an input type."""
    found = []
    for name, field in named.fields.items():
        target = get_named_type(field.type)
        if str(target) == "ID":
            found.append((*before, name))
        elif hasattr(target, "fields"):
            found += id_paths(target, (*before, name))
    return found


def replaced(given: dict[str, Any], path: tuple[str, ...], value: str) -> dict[str, Any]:
    """An input with another id at the end of a path; a list gets it as its only item."""
    name, *rest = path
    if rest:
        return given | {name: replaced(given[name], tuple(rest), value)}
    return given | {name: [value] if isinstance(given.get(name), list) else value}
