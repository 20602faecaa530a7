"""Two gateways with a cache, at the public door: what people get of it, and what the systems are asked."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from tests.harness.examples import blocks
from tests.harness.person import Person, people
from tests.harness.processes import Gateway, Sandbox
from tests.harness.requests import right_input, submit
from tests.harness.stores import redis_server, running

DAY = 80_000
LOGIN = "0010001"
GRAPHQL = Path(__file__).parents[2] / "docs" / "graphql.md"
CONTRACTS = """{ viewer { clients { nodes { number name source { asOf }
  correspondence(first: 3) { nodes { subject } totalCount } documents(first: 3) { nodes { title } totalCount }
  contracts { totalCount nodes { id number status policies { number insurer } assets { name } } } } } } }"""
AMOUNTS = "{ viewer { clients { nodes { number balances { net { amount } } } } } }"
REQUESTS = "{ viewer { clients { nodes { serviceRequests { nodes { id number status } } } } } }"


@dataclass
class House:
    """`first` gives what is old; `second` asks anew, and has what is old for the worst only, amounts too.

    `lose` ends the store of the cache.
    """

    office: Sandbox
    first: Gateway
    second: Gateway
    lose: Callable[[], None]
    state: int

    def followed(self) -> None:
        """Waits until the gateways were told of all that was written before."""
        with Redis(port=self.state) as store:
            while True:
                position = int(store.get("erp:changes") or 0)
                if not self.office.ask("GET", f"/v1/changes?after={position}&limit=1")["items"]:
                    return
                sleep(0.05)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    binary, folder = redis_server(), tmp_path_factory.mktemp
    office = Sandbox(folder("sandbox"))
    with running(binary, folder("state")) as state, ExitStack() as answers:
        kept = answers.enter_context(running(binary, folder("answers"), appendonly="no"))
        shared = {
            "REDIS_URL": f"redis://127.0.0.1:{state}/0", "SECRET_KEY": "the same for both of these gateways",
            "CACHE_REDIS_URL": f"redis://127.0.0.1:{kept}/0", "CACHE_TIMEOUT": 20, "CACHE_STALE_SECONDS": DAY,
            "ERP_CHANGES_SECONDS": 0.5,
        }  # fmt: skip
        first = Gateway(folder("first"), office, **shared, CACHE_SECONDS=DAY)
        second = Gateway(folder("second"), office, **shared, CACHE_AMOUNTS_SECONDS=DAY)
        yield House(office, first, second, answers.close, state)
        for gateway in (first, second):
            assert gateway.process.stop() == 0
    office.close()


@pytest.fixture(scope="module")
def there(house: House) -> Iterator[Callable[[str], Person]]:
    """People at the first gateway, by login."""
    with people(house.first, house.office) as person:
        yield person


@pytest.fixture(scope="module")
def elsewhere(house: House, there: Callable[[str], Person]) -> Iterator[Person]:
    """The same person at the second gateway."""
    there(LOGIN)
    with Person(house.second, house.office) as person:
        person.log_in(LOGIN)
        yield person


def paths(calls: list[dict[str, Any]]) -> set[str]:
    return {call["path"] for call in calls}


def status(person: Person, key: str) -> str | None:
    """Of a request, by its number."""
    clients = person.data(REQUESTS)["viewer"]["clients"]["nodes"]
    found = {each["number"]: each["status"] for of in clients for each in of["serviceRequests"]["nodes"]}
    return found.get(key)


def test_what_was_asked_for_is_not_asked_again(house: House, there: Callable[[str], Person]) -> None:
    person = there(LOGIN)
    whole = person.data(CONTRACTS)
    with house.office.calls() as calls:
        assert person.data(CONTRACTS) == whole
    assert calls == []
    (client,) = whole["viewer"]["clients"]["nodes"]
    number = client["contracts"]["nodes"][0]["number"]
    other = "query($number: String!) { contract(number: $number) { status } }"
    with house.office.calls() as calls:
        person.data(other, number=number)
        person.data(other, number=number)
    assert [call["path"] for call in calls] == ["/v1/contracts/get"]


def test_what_is_kept_is_whole(house: House, there: Callable[[str], Person]) -> None:
    """Though whoever asked for it first read little of it."""
    query = "{{ viewer {{ clients {{ nodes {{ contracts(first: 4) {{ nodes {{ {} }} }} }} }} }} }}"
    person = there(LOGIN)
    little = person.data(query.format("number"))
    with house.office.calls() as calls:
        more = person.data(query.format("number status startsOn rate { current } initialFee { amount }"))
    assert "/v1/contracts/list" not in paths(calls)
    (contracts,) = [each["contracts"]["nodes"] for each in more["viewer"]["clients"]["nodes"]]
    assert contracts
    assert all(each["rate"]["current"] and each["startsOn"] for each in contracts)
    (first,) = [each["contracts"]["nodes"] for each in little["viewer"]["clients"]["nodes"]]
    assert [each["number"] for each in contracts] == [each["number"] for each in first]


def test_gateways_share(house: House, there: Callable[[str], Person], elsewhere: Person) -> None:
    query = "{ viewer { clients { nodes { contracts(first: 2) { nodes { number } } } } } }"
    with house.office.calls() as calls:
        found = elsewhere.data(query)
    assert "/v1/contracts/list" in paths(calls)
    with house.office.calls() as calls:
        assert there(LOGIN).data(query) == found
    assert calls == []


def test_amounts_are_asked_anew(house: House, there: Callable[[str], Person]) -> None:
    for _ in range(2):
        with house.office.calls() as calls:
            there(LOGIN).data(AMOUNTS)
        assert "/v1/balances/list" in paths(calls)


def test_another_client_gets_nothing_of_it(house: House, there: Callable[[str], Person]) -> None:
    """Not even the knowledge that somebody asked: the system is asked as if nobody had."""
    (client,) = there(LOGIN).data(CONTRACTS)["viewer"]["clients"]["nodes"]
    contract = client["contracts"]["nodes"][0]
    query = "query($id: ID!, $number: String!) { node(id: $id) { id } contract(number: $number) { id } }"
    there(LOGIN).data(query, id=contract["id"], number=contract["number"])
    other = there("0010003")
    for asks in (True, False):
        with house.office.calls() as calls:
            found = other.data(query, id=contract["id"], number=contract["number"])
        assert found == {"node": None, "contract": None}
        assert ("/v1/contracts/get" in paths(calls)) == asks


def test_a_change_empties_it_everywhere(
    house: House, there: Callable[[str], Person], elsewhere: Person
) -> None:
    (request, *_) = house.office.page("requests", "client", LOGIN)
    known = status(there(LOGIN), request["number"])
    new = "IN_REVIEW" if known != "IN_REVIEW" else "NEEDS_INFO"
    assert status(there(LOGIN), request["number"]) == known
    house.office.ask("PUT", f"/sandbox/requests/{request['id']}", {"status": new})
    give_up = monotonic() + 60
    while (seen := status(there(LOGIN), request["number"])) != new and monotonic() < give_up:
        sleep(0.05)
    assert seen == status(elsewhere, request["number"]) == new


def test_what_one_wrote_is_there_at_once(there: Callable[[str], Person], elsewhere: Person) -> None:
    given = right_input(elsewhere, "Complaint")
    for _ in range(3):
        there(LOGIN).data(REQUESTS)
        given["idempotencyKey"] = uuid4().hex
        number = submit(elsewhere, "Complaint", given)["serviceRequest"]["number"]
        assert status(there(LOGIN), number) == status(elsewhere, number) == "SUBMITTED"


def test_a_mutation_relies_on_nothing_old(house: House, there: Callable[[str], Person]) -> None:
    person = there(LOGIN)
    given = right_input(person, "Complaint")
    person.data(CONTRACTS)
    with house.office.calls() as calls:
        submit(person, "Complaint", given)
    assert "/v1/clients/get" in paths(calls)


def test_old_answers_stand_in_for_an_erp_that_fails(
    house: House, there: Callable[[str], Person], elsewhere: Person
) -> None:
    query = CONTRACTS.replace("name source", "balances { net { amount } } name source")
    house.followed()
    whole = elsewhere.data(query)
    there(LOGIN).data(query)
    assert whole["viewer"]["clients"]["nodes"][0]["source"]["asOf"] == "2026-11-22T12:00:00Z"
    house.office.ask("PUT", "/sandbox/today", {"date": "2026-11-23"})
    try:
        with house.office.fault("/v1/*", status=503):
            answer = elsewhere.ask(query)
            without = there(LOGIN).ask(query)
            unasked = elsewhere.ask(query.replace("contracts {", "contracts(first: 1) {"))
    finally:
        house.office.ask("PUT", "/sandbox/today", {"date": "2026-11-22"})
    assert "errors" not in answer
    assert answer["data"] == whole, "with the moment at which it held"
    (stale,) = answer["extensions"]["stale"]
    assert (stale["upstream"], stale["code"]) in {
        ("erp", "UPSTREAM_UNAVAILABLE"),
        ("erp", "UPSTREAM_CIRCUIT_OPEN"),
    }
    assert abs(datetime.fromisoformat(stale["asOf"]).timestamp() - time()) < 600
    (shown,) = [text for _, _, info, text in blocks(GRAPHQL.read_text()) if info == "json stale"]
    assert set(json.loads(shown)[0]) == set(stale)
    lines = house.second.process.log.read_text().splitlines()
    told = [json.loads(line) for line in lines if "older data stood in for a system" in line]
    assert told[0]["asOf"] == stale["asOf"]
    (error,) = without["errors"]
    assert error["path"][-1] == "balances", "an amount that is older than the setting says"
    assert error["extensions"]["upstream"] == "erp"
    assert "extensions" not in without, "the rest isn't older than it may be else"
    (client,) = without["data"]["viewer"]["clients"]["nodes"]
    assert client == {**whole["viewer"]["clients"]["nodes"][0], "balances": None}
    assert [error["path"][-1] for error in unasked["errors"]] == ["contracts"]
    assert elsewhere.data_again(query) == whole
    assert "extensions" not in elsewhere.ask(query)


def test_without_its_store_there_is_only_no_cache(house: House, there: Callable[[str], Person]) -> None:
    person = there(LOGIN)
    whole = person.data_again(CONTRACTS)
    house.lose()
    with house.office.calls() as calls:
        assert person.data(CONTRACTS) == whole
    assert "/v1/contracts/list" in paths(calls)
    given = right_input(person, "Complaint")
    number = submit(person, "Complaint", given)["serviceRequest"]["number"]
    assert status(person, number) == "SUBMITTED"
