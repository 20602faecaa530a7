"""Contracts here, the books there: one graph over both, and neither takes the other along when it fails."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.examples import blocks
from tests.harness.person import Person
from tests.harness.processes import API_KEY, Gateway, Sandbox
from tests.harness.streams import PATIENCE, Socket, open_socket

LOGIN = "0010001"
OPERATING = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
WHOLE = """{ client(number: "0010001") { number source { system } balances { currency }
  requests: serviceRequests(first: 1) { nodes { source { system } contract { number } } }
  contracts(first: 2) { nodes { number source { system } amountDue { amount }
    schedule { instalments { invoice { number source { system } } } }
    invoices(first: 20) { nodes { number source { system } contract { number source { system } }
      allocations { kind amount { amount } } } } } } } }"""


@pytest.fixture(scope="module")
def lease(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("lease"))
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox(tmp_path_factory.mktemp("ledger"))
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, lease: Sandbox, ledger: Sandbox) -> Iterator[Gateway]:
    """With the settings that the documentation shows."""
    folder = tmp_path_factory.mktemp("both")
    key, config = folder / "key", folder / "leasegraph.toml"
    key.write_text(API_KEY)
    tables = (text for _, _, info, text in blocks(OPERATING) if info == "toml")
    (example,) = (each for each in tables if "[systems.lease]" in each)
    for shown, ours in (
        ("https://lease.example.com", lease.url),
        ("https://ledger.example.com", ledger.url),
        ("/run/secrets/ledger-key", str(key)),
    ):
        assert shown in example
        example = example.replace(shown, ours)
    config.write_text(example)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEASE_KEY", API_KEY)
        gateway = Gateway(folder, lease, CONFIG=config, ERP_CHANGES_SECONDS=0.05)
    yield gateway
    assert gateway.process.stop() == 0


@pytest.fixture(scope="module")
def person(both: Gateway, lease: Sandbox) -> Iterator[Person]:
    with Person(both, lease) as somebody:
        somebody.enter(LOGIN)
        yield somebody


def test_one_graph_over_both(person: Person, both: Gateway, lease: Sandbox, ledger: Sandbox) -> None:
    with lease.calls() as at_lease, ledger.calls() as at_ledger:
        client = person.data(WHOLE)["client"]
    contracts = client["contracts"]["nodes"]
    assert client["source"] == contracts[0]["source"] == {"system": "lease"}
    for contract in contracts:
        invoices = contract["invoices"]["nodes"]
        expected = ledger.page("invoices", "contract", contract["number"], first=20)
        assert [each["number"] for each in invoices] == [each["number"] for each in expected]
        for invoice in invoices:
            assert invoice["source"] == {"system": "ledger"}
            assert invoice["contract"] == {"number": contract["number"], "source": {"system": "lease"}}
    assert any(each["allocations"] for contract in contracts for each in contract["invoices"]["nodes"])
    billed = [each["invoice"] for each in contracts[0]["schedule"]["instalments"] if each["invoice"]]
    assert {each["source"]["system"] for each in billed} == {"ledger"}
    ours, theirs = ({call["path"].split("/")[2] for call in calls} for calls in (at_lease, at_ledger))
    assert ours >= {"clients", "contracts", "schedules", "instalments", "requests"}
    assert theirs == {"invoices", "allocations", "balances", "contract-balances"}
    assert not ours & theirs
    ready = httpx2.get(f"{both.url}/readyz", trust_env=False, timeout=10).json()
    assert ready["systems"] == dict.fromkeys(("lease", "ledger", "documents", "mail", "smtp"), "ok")


def test_each_fails_for_itself(person: Person, both: Gateway, lease: Sandbox, ledger: Sandbox) -> None:
    whole = person.data(WHOLE)
    invoice = whole["client"]["contracts"]["nodes"][0]["invoices"]["nodes"][0]
    ledger.process.stop()
    try:
        answer = person.ask(WHOLE)
        client, before = answer["data"]["client"], whole["client"]
        assert client["requests"] == before["requests"]
        for contract, earlier in zip(client["contracts"]["nodes"], before["contracts"]["nodes"], strict=True):
            assert (contract["number"], contract["source"]) == (earlier["number"], earlier["source"])
            assert contract["invoices"] is None
        told = {each["path"][-1]: each["extensions"] for each in answer["errors"]}
        assert {each["upstream"] for each in told.values()} == {"ledger"}
        assert {each["code"] for each in told.values()} == {"UPSTREAM_UNAVAILABLE"}
        assert set(told) == {"balances", "invoices", "amountDue", "invoice"}
        now = httpx2.get(f"{both.url}/readyz", trust_env=False, timeout=10).text
        assert now in OPERATING.splitlines(), now
    finally:
        ledger.restart()
    assert person.data_again(WHOLE) == whole
    lease.process.stop()
    try:
        query = "query ($number: String!) { invoice(number: $number) { number contract { number } } }"
        answer = person.ask(query, number=invoice["number"])
        assert answer["data"] == {"invoice": {"number": invoice["number"], "contract": None}}
        (error,) = answer["errors"]
        assert error["extensions"]["upstream"] == "lease"
        assert "'lease'" in error["message"]
    finally:
        lease.restart()
    assert person.data_again(WHOLE) == whole


def pay(sandbox: Sandbox, invoice: str) -> None:
    share = {"invoiceId": invoice, "amount": "0.01"}
    paid = {"clientNumber": LOGIN, "amount": "0.01", "currency": "PLN", "bookedOn": "2026-11-22"}
    sandbox.ask("POST", "/sandbox/payments", {**paid, "allocate": [share]})


async def events_until(socket: Socket, key: str, **fields: str) -> list[tuple[str, Any]]:
    """The events of all subscriptions, up to the one of `key` that has these fields."""
    events: list[tuple[str, Any]] = []
    while not events or not (events[-1][0] == key and fields.items() <= events[-1][1].items()):
        message = await socket.receive()
        assert message["type"] == "next", message
        (told,) = message["payload"]["data"].values()
        events.append((message["id"], told))
    return events


async def test_changes_of_both(person: Person, both: Gateway, lease: Sandbox, ledger: Sandbox) -> None:
    """And of each collection from the system alone that it comes from."""
    ours, theirs, *_ = (
        each
        for each in ledger.page("invoices", "client", LOGIN)
        if each["state"] == "OPEN" and each["transfer"]
    )
    request, *_ = lease.page("requests", "client", LOGIN)

    def move(status: str) -> None:
        lease.ask("PUT", f"/sandbox/requests/{request['id']}", {"status": status})

    async with open_socket(both.url, person) as socket:
        await socket.initialise()
        await socket.subscribe("subscription { invoiceChanged { number source { system } } }", "invoices")
        await socket.subscribe("subscription { serviceRequestChanged { number status } }", "requests")
        told = await socket.event(lambda: move("IN_REVIEW"))
        assert told["data"] == {"serviceRequestChanged": {"number": request["number"], "status": "IN_REVIEW"}}
        pay(lease, theirs["id"])  # it may book what it likes: the books are elsewhere
        move("NEEDS_INFO")
        events = await events_until(socket, "requests", status="NEEDS_INFO")
        pay(ledger, ours["id"])
        events += await events_until(socket, "invoices", number=ours["number"])
        invoices = [event for key, event in events if key == "invoices"]
        assert invoices == [{"number": ours["number"], "source": {"system": "ledger"}}]
    lease.ask("PUT", f"/sandbox/accounts/{LOGIN}", {"clientNumbers": []})
    give_up = time.monotonic() + PATIENCE
    while person.data("{ viewer { __typename } }")["viewer"] is not None:
        assert time.monotonic() < give_up, "the session goes on"
        await asyncio.sleep(0.05)
