"""What an ERP port keeps, by RestErp against the sandbox: every method, and every way to fail."""

import asyncio
import inspect
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from typing import Any

import pytest

from connectors import deadline
from connectors.batch import Page
from connectors.erp.port import ErpPort
from connectors.erp.queries import ContractFilter, InvoiceFilter, NotificationFilter, Slice
from connectors.erp.records.contract import ContractKind, ContractStatus
from connectors.erp.records.invoice import InvoiceKind, InvoiceRecord
from connectors.erp.rest import RestErp
from connectors.errors import (
    MalformedAnswer,
    MalformedRecord,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.http import UpstreamClient, request_id
from connectors.record import Record
from tests.connectors.canned import listening, silence
from tests.harness.processes import API_KEY, Sandbox, free_ports

CLIENTS = ("0010001", "0010007")
PART = Slice(3)
ALL = Slice(1000)
Keys = Callable[[Sandbox], Sequence[str]]


def ids_of(collection: str, attribute: str = "id") -> Keys:
    return lambda sandbox: [sandbox.page(collection, "client", client)[0][attribute] for client in CLIENTS]


def schedules(sandbox: Sandbox) -> Sequence[str]:
    contracts = ids_of("contracts")(sandbox)
    return [sandbox.page("schedules", "contract", contract)[0]["id"] for contract in contracts]


def corrected(sandbox: Sandbox) -> Sequence[str]:
    found = [
        invoice["correctionOf"]
        for client in ("0010001", "0010003")
        for invoice in sandbox.page("invoices", "client", client)
        if invoice["correctionOf"]
    ]
    return list(dict.fromkeys(found))[:2]


def allocated(sandbox: Sandbox) -> Sequence[str]:
    invoices = [sandbox.page("invoices", "client", client) for client in CLIENTS]
    return [next(each["id"] for each in some if each["settledAmount"] != "0.00") for some in invoices]


def clients(_sandbox: Sandbox) -> Sequence[str]:
    return CLIENTS


def policies(sandbox: Sandbox) -> Sequence[str]:
    return [sandbox.page("policies", "contract", key)[0]["id"] for key in ids_of("contracts")(sandbox)]


def submitted_with(sandbox: Sandbox) -> Sequence[str]:
    keys = ("for-the-lookup-1", "for-the-lookup-2")
    for key, client in zip(keys, CLIENTS, strict=True):
        body = {"clientNumber": client, "kind": "COOPERATION_OPINION", "submittedBy": client, "details": {}}
        sandbox.ask("POST", "/v1/requests", body, {"Idempotency-Key": key})
    return keys


# Method of the port: two keys that have something, and the arguments behind the keys.
METHODS: dict[str, tuple[Keys, tuple[Any, ...]]] = {
    "accounts_by_login": (clients, ()),
    "accounts_by_client": (clients, ()),
    "clients_by_number": (clients, ()),
    "balances_by_client": (clients, ()),
    "virtual_accounts_by_client": (clients, ()),
    "contract_balances_by_contract": (ids_of("contracts"), ()),
    "contracts_by_id": (ids_of("contracts"), ()),
    "contracts_by_number": (ids_of("contracts", "number"), ()),
    "contracts_by_client": (clients, (ContractFilter(), PART)),
    "contract_counts_by_client": (clients, (ContractFilter(),)),
    "invoices_by_id": (ids_of("invoices"), ()),
    "invoices_by_number": (ids_of("invoices", "number"), ()),
    "invoices_by_client": (clients, (InvoiceFilter(), PART)),
    "invoices_by_contract": (ids_of("contracts"), (InvoiceFilter(), PART)),
    "corrections_by_invoice": (corrected, ()),
    "invoice_counts_by_client": (clients, (InvoiceFilter(),)),
    "invoice_counts_by_contract": (ids_of("contracts"), (InvoiceFilter(),)),
    "lines_by_invoice": (ids_of("invoices"), ()),
    "allocations_by_invoice": (allocated, ()),
    "allocations_by_payment": (ids_of("payments"), ()),
    "payments_by_id": (ids_of("payments"), ()),
    "payments_by_client": (clients, (PART,)),
    "payment_counts_by_client": (clients, ()),
    "schedules_by_id": (schedules, ()),
    "schedules_by_contract": (ids_of("contracts"), ()),
    "instalments_by_schedule": (schedules, ()),
    "promotions_by_client": (clients, ()),
    "notifications_by_id": (ids_of("notifications"), ()),
    "notifications_by_client": (clients, (NotificationFilter(), PART)),
    "notification_counts_by_client": (clients, (NotificationFilter(),)),
    "service_requests_by_id": (ids_of("requests"), ()),
    "service_requests_by_number": (ids_of("requests", "number"), ()),
    "service_requests_by_client": (clients, (PART,)),
    "service_request_counts_by_client": (clients, ()),
    "service_requests_by_idempotency_key": (submitted_with, ()),
    "quotes_by_contract": (ids_of("contracts"), ()),
    "quotes_by_client": (clients, ()),
    "policies_by_id": (policies, ()),
    "policies_by_contract": (ids_of("contracts"), ()),
}
WITHOUT_KEYS = {
    "health", "submit_service_request", "cancel_service_request", "accept_service_request", "add_account",
    "change_account_role", "remove_account", "account_changes",
}  # fmt: skip


def of_port(port: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_")}


def test_every_method_of_the_port_is_tested() -> None:
    untested = of_port(ErpPort) - set(METHODS) - WITHOUT_KEYS
    assert not untested, f"give each of these a row in METHODS: {sorted(untested)}"
    assert of_port(ErpPort) <= of_port(RestErp)


@pytest.mark.parametrize("method", METHODS)
async def test_results_are_aligned_to_keys(method: str, erp: RestErp, switched: Sandbox) -> None:
    find, arguments = METHODS[method]
    a, b = find(switched)
    ask = getattr(erp, method)
    (of_a,), (of_b,), (of_none,) = [await ask([key], *arguments) for key in (a, b, "9999999")]
    assert not is_empty(of_a)
    assert not is_empty(of_b)
    assert is_empty(of_none)
    keys = [b, "nothing", a, b, a, "", "Zażółć\0"]
    expected = [of_b, of_none, of_a, of_b, of_a, of_none, of_none]
    assert bare(await ask(keys, *arguments)) == bare(expected)
    assert await ask([], *arguments) == []


def is_empty(result: Any) -> bool:
    return result is None or result == 0 or (isinstance(result, Page) and not result.items)


def bare(results: Sequence[Any]) -> list[Any]:
    """Pages by their items, whatever sequence holds them."""
    return [list(each.items) if isinstance(each, Page) else each for each in results]


async def test_health(erp: RestErp, switched: Sandbox) -> None:
    await erp.health()
    with switched.fault("/v1/health", status=503), pytest.raises(UpstreamUnavailable):
        await erp.health()


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("contracts_by_client", (ContractFilter(),)),
        ("invoices_by_client", (InvoiceFilter(),)),
        ("payments_by_client", ()),
        ("service_requests_by_client", ()),
    ],
)
async def test_paging_to_the_end(method: str, arguments: tuple[Any, ...], erp: RestErp) -> None:
    """No item twice, none left out, and the same order as in one page."""
    ask = getattr(erp, method)
    for client in ("0010001", "0010010", "0010013"):
        (whole,) = await ask([client], *arguments, ALL)
        assert not whole.has_next
        seen: list[Any] = []
        after = None
        while True:
            (page,) = await ask([client], *arguments, Slice(2, after))
            seen += page.items
            if not page.has_next:
                break
            assert len(page.items) == 2
            assert page.next is not None
            after = page.next
        assert seen == list(whole.items)


async def test_paging_through_a_fleet(erp: RestErp) -> None:
    seen: list[str] = []
    after = None
    while True:
        (page,) = await erp.invoices_by_client(["0010008"], InvoiceFilter(), Slice(1000, after))
        seen += [item.id for item in page.items if isinstance(item, InvoiceRecord)]
        if not page.has_next:
            break
        after = page.next
    assert len(set(seen)) == len(seen) > 5000
    assert [len(seen)] == await erp.invoice_counts_by_client(["0010008"], InvoiceFilter())


async def test_filters_count_like_they_list(erp: RestErp) -> None:
    where = InvoiceFilter(
        issued_from=date(2026, 1, 1), due_to=date(2026, 10, 31), kinds=(InvoiceKind.INSTALMENT,)
    )
    (page,) = await erp.invoices_by_client(["0010010"], where, ALL)
    invoices = [item for item in page.items if isinstance(item, InvoiceRecord)]
    assert invoices
    assert await erp.invoice_counts_by_client(["0010010"], where) == [len(page.items)]
    for invoice in invoices:
        assert invoice.issue_date >= date(2026, 1, 1)
        assert invoice.due_date <= date(2026, 10, 31)
        assert invoice.kind is InvoiceKind.INSTALMENT
    active = ContractFilter(statuses=(ContractStatus.ACTIVE,), kinds=(ContractKind.OPERATING_LEASE,))
    (contracts,) = await erp.contracts_by_client(["0010010"], active, ALL)
    assert {c.status for c in contracts.items if not isinstance(c, MalformedRecord)} <= {
        ContractStatus.ACTIVE
    }
    assert await erp.contract_counts_by_client(["0010010"], active) == [len(contracts.items)]


async def test_only_the_broken_record_is_malformed(erp: RestErp) -> None:
    (page, other) = await erp.invoices_by_client(["0010009", "0010001"], InvoiceFilter(), ALL)
    (broken,) = [item for item in page.items if isinstance(item, MalformedRecord)]
    assert len(page.items) > 1
    assert not any(isinstance(item, MalformedRecord) for item in other.items)
    key = broken.record.removeprefix("invoice ")
    sound = next(item for item in page.items if isinstance(item, InvoiceRecord))
    first, second, third = await erp.invoices_by_id([sound.id, key, "0"])
    assert (first, third) == (sound, None)
    assert isinstance(second, MalformedRecord)
    assert second.client_number == "0010009"


async def test_a_wrong_key_is_rejected(switched: Sandbox) -> None:
    http = UpstreamClient("erp", switched.url, api_key="wrong")
    with pytest.raises(UpstreamRejected) as refused:
        await RestErp(http).clients_by_number(CLIENTS)
    await http.close()
    assert refused.value.status == 401
    assert "wrong" not in str(refused.value)


async def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    http = UpstreamClient("erp", f"http://127.0.0.1:{port}")
    with pytest.raises(UpstreamUnavailable) as error:
        await RestErp(http).health()
    await http.close()
    assert str(port) not in str(error.value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 500}, UpstreamUnavailable),
        ({"status": 503, "retryAfter": 1}, UpstreamUnavailable),
        ({"status": 429}, UpstreamUnavailable),
        ({"status": 404}, UpstreamRejected),
        ({"mode": "refuse"}, UpstreamUnavailable),
        ({"mode": "reset-mid-body"}, UpstreamUnavailable),
        ({"mode": "garbage"}, MalformedAnswer),
        ({"mode": "half-batch"}, MalformedAnswer),
    ],
    ids=str,
)
async def test_failures_are_typed(
    fault: dict[str, Any], error: type[UpstreamError], erp: RestErp, switched: Sandbox
) -> None:
    with switched.fault("/v1/*", **fault):
        for method, (find, arguments) in METHODS.items():
            if method.startswith(("accounts", "clients", "balances", "payment_counts")):
                with pytest.raises(error) as raised:
                    await getattr(erp, method)(find(switched), *arguments)
                assert raised.value.system == "erp"
    assert await erp.clients_by_number(CLIENTS), "it is asked again, and answers"


async def test_records_of_wrong_types_are_malformed_each(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/*", mode="wrong-types"):
        found = await erp.clients_by_number(CLIENTS)
    assert [type(each) for each in found] == [MalformedRecord] * 2


async def test_records_of_another_key_are_malformed(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/*", mode="lie"):
        clients = await erp.clients_by_number(CLIENTS)
        (page,) = await erp.payments_by_client(CLIENTS[:1], PART)
    assert [type(each) for each in clients] == [MalformedRecord] * 2
    assert page.items
    assert {type(each) for each in page.items} == {MalformedRecord}


async def took(call: Awaitable[object]) -> tuple[float, BaseException | None]:
    began = time.monotonic()
    (result,) = await asyncio.gather(call, return_exceptions=True)
    return time.monotonic() - began, result if isinstance(result, BaseException) else None


@pytest.fixture
async def quick(switched: Sandbox) -> AsyncIterator[RestErp]:
    """A client that waits 0.3 s."""
    http = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=0.3)
    yield RestErp(http)
    await http.close()


@pytest.mark.parametrize("fault", [{"latencyMs": 3000}, {"mode": "hang"}], ids=str)
async def test_a_slow_answer_is_a_timeout(fault: dict[str, Any], quick: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/clients/get", **fault):
        seconds, error = await took(quick.clients_by_number(CLIENTS))
    assert isinstance(error, UpstreamTimeout)
    assert 0.25 < seconds < 1
    assert await quick.clients_by_number(CLIENTS)


async def test_a_server_that_never_speaks_is_a_timeout() -> None:
    async with listening(silence) as port:
        http = UpstreamClient("erp", f"http://127.0.0.1:{port}", timeout=0.2)
        seconds, error = await took(RestErp(http).health())
        await http.close()
    assert isinstance(error, UpstreamTimeout)
    assert seconds < 0.8


async def test_an_outer_deadline_wins(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/clients/get", latencyMs=3000):
        with deadline.within(0.2):
            seconds, error = await took(erp.clients_by_number(CLIENTS))
        assert isinstance(error, UpstreamTimeout)
        assert seconds < 0.8
        with deadline.within(0.2), deadline.within(60):
            seconds, error = await took(erp.clients_by_number(CLIENTS))
        assert isinstance(error, UpstreamTimeout)
        assert seconds < 0.8, "an inner deadline must not lengthen the outer one"
    with deadline.within(0):
        _, error = await took(erp.clients_by_number(CLIENTS))
    assert isinstance(error, UpstreamTimeout)


async def test_the_client_s_timeout_wins_over_a_later_deadline(quick: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/clients/get", latencyMs=3000), deadline.within(60):
        seconds, error = await took(quick.clients_by_number(CLIENTS))
    assert isinstance(error, UpstreamTimeout)
    assert seconds < 1


async def test_waiting_for_a_connection_counts(switched: Sandbox) -> None:
    http = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=0.4, connections=1)
    erp = RestErp(http)
    with switched.fault("/v1/clients/get", latencyMs=3000):
        calls = [took(erp.clients_by_number(CLIENTS)) for _ in range(4)]
        for seconds, error in await asyncio.gather(*calls):
            assert isinstance(error, UpstreamTimeout)
            assert seconds < 1
    assert await erp.clients_by_number(CLIENTS)
    await http.close()


async def test_the_request_id_goes_along(erp: RestErp, switched: Sandbox) -> None:
    token = request_id.set("of-this-test")
    try:
        with switched.calls() as calls:
            await erp.clients_by_number(CLIENTS)
    finally:
        request_id.reset(token)
    assert [call["requestId"] for call in calls] == ["of-this-test"]


async def test_cancelled_calls_mix_up_no_answers(switched: Sandbox) -> None:
    """Callers come and go; each that stays gets the answer to its own question."""
    http = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=10, connections=4)
    erp, chance = RestErp(http), random.Random(20261122)
    numbers = [f"00100{n:02d}" for n in range(1, 16)]
    fate: dict[str, int] = defaultdict(int)

    async def call() -> None:
        asked = chance.sample(numbers, 3)
        found = await erp.clients_by_number(asked)
        assert [client and number_of(client) for client in found] == asked
        fate["answered"] += 1

    async def caller() -> None:
        for _ in range(12):
            task = asyncio.create_task(call())
            if chance.random() < 0.5:
                await asyncio.sleep(chance.random() * 0.01)
                task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                fate["cancelled"] += 1

    with switched.fault("/v1/clients/get", latencyMs=3, rate=0.5):
        await asyncio.gather(*(caller() for _ in range(30)))
    assert fate["answered"] > 100
    assert fate["cancelled"] > 50
    assert (await erp.clients_by_number([numbers[0]]))[0]
    await http.close()


def number_of(record: Record | MalformedRecord) -> str:
    return str(getattr(record, "number"))  # noqa: B009 - a MalformedRecord has none, and fails here
