"""Tryton keeps the contract of each part that it has, as far as it can have it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from connectors.contract_tests.contract import Elsewhere
from connectors.contract_tests.data.erp import BooksData
from connectors.contract_tests.erp_books import BooksContract
from connectors.contract_tests.erp_changes import ChangeFeedContract, WriteSomething
from connectors.contract_tests.erp_clients import ClientsContract
from connectors.erp.changes import Change
from connectors.erp.tryton import TrytonErp
from tests.connectors.clients import Connect, connecting
from tests.harness.tryton import CONTRACTS, Tryton
from tests.tryton.conftest import CHOICES, TIMEOUT


class Books:
    """The connector over the worked cases."""

    @pytest.fixture
    async def connect(self) -> AsyncIterator[Connect]:
        async with connecting("books") as connect:
            yield connect

    @pytest.fixture
    def port(self, connect: Connect, tryton: Tryton) -> TrytonErp:
        return TrytonErp(connect(tryton.url, tryton.key, TIMEOUT), CHOICES)

    @pytest.fixture
    def refused(self, connect: Connect, tryton: Tryton) -> TrytonErp:
        return TrytonErp(connect(tryton.url, "wrong", TIMEOUT), CHOICES)

    @pytest.fixture
    def elsewhere(self, connect: Connect) -> Elsewhere[TrytonErp]:
        return lambda port, timeout: TrytonErp(
            connect(f"http://127.0.0.1:{port}/erp", "key", timeout), CHOICES
        )


class TestBooks(
    Books,
    BooksContract,
    lacks={
        "virtual_accounts_by_client": "a bank account of a Tryton party is the party's own",
        "test_orders_by_what_is_computed": "Tryton computes them, and can't sort by what it computes",
        "test_a_malformed_invoice_is_its_own_error": "Tryton stores none; test_decoding.py has some",
    },
):
    """The books."""

    KEYS = dict.fromkeys(("payments_by_id", "allocations_by_payment"), "100-1")
    ONE_BY_ONE = frozenset(name for name in BooksContract.METHODS if "_counts_" in name)

    @pytest.fixture
    def data(self, tryton: Tryton) -> BooksData:
        """The numbers that Tryton gave, by what it was that it numbered."""
        rows = tryton.ask("account.invoice", [["party.code", "=", "0010001"]], ["number", "invoice_date"])
        number = {"{year}-{month}-{day}".format(**row["invoice_date"]): row["number"] for row in rows}
        plain = BooksData()
        return replace(
            plain,
            contract=CONTRACTS[0],
            other_contract="UM/0002",
            correction=number["2026-11-20"],
            part_paid=replace(plain.part_paid, number=number["2026-10-13"]),
            corrected=replace(plain.corrected, number=number["2026-11-18"]),
            overpaid=replace(plain.overpaid, number=number["2026-9-23"]),
        )


class TestClients(Books, ClientsContract):
    """Clients."""


class TestChanges(Books, ChangeFeedContract):
    """The feed."""

    @pytest.fixture
    def written(self, tryton: Tryton) -> WriteSomething:
        """A client, another one each time."""
        rows = iter(tryton.ask("party.party", [["code", "like", "001000%"]], ["code", "name"]))

        async def write() -> Change:
            row = next(rows)
            tryton.write("party.party", row["id"], {"name": row["name"]})
            return Change("clients", row["code"], row["code"])

        return write
