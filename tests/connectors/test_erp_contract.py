"""The ERP over the REST contract, as the sandbox serves it, keeps the contract of each part."""

import inspect
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from connectors.contract_tests.contract import Elsewhere
from connectors.contract_tests.data.erp import BooksData, ContractsData, RequestsData, UsersData
from connectors.contract_tests.erp_books import BooksContract
from connectors.contract_tests.erp_changes import ChangeFeedContract, WriteSomething
from connectors.contract_tests.erp_clients import ClientsContract
from connectors.contract_tests.erp_contracts import ContractsContract
from connectors.contract_tests.erp_notifications import NotificationsContract
from connectors.contract_tests.erp_promotions import PromotionsContract
from connectors.contract_tests.erp_requests import RequestsContract
from connectors.contract_tests.erp_users import UsersContract
from connectors.erp.changes import Change
from connectors.erp.ports import ErpPort
from connectors.erp.rest import RestErp
from tests.connectors.clients import Connect, connecting
from tests.harness.processes import API_KEY, Sandbox

CLIENT, OTHER = "0010001", "0010002"
SUITES = (
    BooksContract, ClientsContract, ContractsContract, NotificationsContract, PromotionsContract,
    RequestsContract, UsersContract,
)  # fmt: skip


class Rest:
    """The connector over the sandbox, whose first client has the worked numbers."""

    @pytest.fixture
    async def connect(self) -> AsyncIterator[Connect]:
        async with connecting("erp") as connect:
            yield connect

    @pytest.fixture
    def port(self, connect: Connect, backoffice: Sandbox) -> RestErp:
        return RestErp(connect(backoffice.url, API_KEY, 10))

    @pytest.fixture
    def refused(self, connect: Connect, backoffice: Sandbox) -> RestErp:
        return RestErp(connect(backoffice.url, "wrong", 10))

    @pytest.fixture
    def elsewhere(self, connect: Connect) -> Elsewhere[RestErp]:
        return lambda port, timeout: RestErp(connect(f"http://127.0.0.1:{port}", API_KEY, timeout))

    @pytest.fixture
    def malformed(self, backoffice: Sandbox) -> tuple[str, str]:
        client = "0010009"
        broken = [
            each["id"] for each in backoffice.page("invoices", "client", client) if each["issueDate"] < "1"
        ]
        return client, broken[0]


@pytest.fixture(scope="module")
def books(backoffice: Sandbox, contracts: tuple[str, str]) -> BooksData:
    """The numbers that the sandbox gave."""
    invoices = backoffice.page("invoices", "client", CLIENT)

    def number(gross: str, **which: Any) -> str:
        (found,) = [
            each
            for each in invoices
            if each["gross"] == gross and all(each[key] == value for key, value in which.items())
        ]
        return str(found["number"])

    plain = BooksData()
    return replace(
        plain,
        contract=contracts[0],
        other_contract=contracts[1],
        correction=number("-615.00"),
        part_paid=replace(plain.part_paid, number=number("2460.00", corrected=False)),
        corrected=replace(plain.corrected, number=number("2460.00", corrected=True)),
        overpaid=replace(plain.overpaid, number=number("123.00")),
    )


def contract(sandbox: Sandbox, client: str) -> str:
    """The number of a client's largest contract."""
    contracts = sandbox.page("contracts", "client", client)
    return str(max(contracts, key=lambda each: float(each["assetValue"]))["number"])


@pytest.fixture(scope="module")
def contracts(backoffice: Sandbox) -> tuple[str, str]:
    """The largest contract of each client, by number."""
    return contract(backoffice, CLIENT), contract(backoffice, OTHER)


@pytest.fixture(scope="module")
def requesting(backoffice: Sandbox) -> tuple[str, str]:
    """Contracts that the tests of requests may be about."""
    return contract(backoffice, "0010005"), contract(backoffice, "0010007")


class TestBooks(Rest, BooksContract):
    """The books."""

    @pytest.fixture
    def data(self, books: BooksData) -> BooksData:
        return books


class TestClients(Rest, ClientsContract):
    """Clients."""


class TestUsers(Rest, UsersContract):
    """Users."""

    @pytest.fixture
    def data(self) -> UsersData:
        return UsersData("0010004", "0010006", "0010004", "0010006")


class TestContracts(Rest, ContractsContract):
    """Contracts."""

    @pytest.fixture
    def data(self, contracts: tuple[str, str]) -> ContractsData:
        return ContractsData(contract=contracts[0], other_contract=contracts[1])


class TestRequests(Rest, RequestsContract):
    """Requests."""

    @pytest.fixture
    def data(self, requesting: tuple[str, str]) -> RequestsData:
        return RequestsData("0010005", "0010007", *requesting)


class TestPromotions(Rest, PromotionsContract):
    """Promotions."""


class TestNotifications(Rest, NotificationsContract):
    """Notifications."""


class TestChanges(Rest, ChangeFeedContract):
    """The feed."""

    @pytest.fixture
    def written(self, backoffice: Sandbox) -> WriteSomething:
        async def write() -> Change:
            backoffice.ask("PUT", "/sandbox/accounts/0010005", {"language": "pl"})
            return Change("accounts", "0010005", "0010005")

        return write


def test_every_method_of_the_port_is_in_a_suite() -> None:
    batches = {name for suite in SUITES for name in suite.METHODS}
    methods = {name for name, _ in inspect.getmembers(ErpPort, inspect.isfunction) if name[0] != "_"}
    assert methods - batches == {
        "health", "changes", "all_clients", "all_client_counts", "all_contracts", "all_contract_counts",
        "all_invoices", "all_invoice_counts", "corrections_by_invoice", "print_invoice",
        "add_account", "change_account_role", "remove_account",
        "submit_service_request", "cancel_service_request", "accept_service_request",
    }, "give each of the others a row in METHODS"  # fmt: skip
