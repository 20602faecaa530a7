"""What an ERP port keeps, by RestErp against the sandbox: every method answers for its keys, in order."""

import inspect
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from connectors.batch import Page
from connectors.erp.port import ALL as EVERY
from connectors.erp.ports import ErpPort
from connectors.erp.queries import ClientFilter, ContractFilter, InvoiceFilter, NotificationFilter, Slice
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.rest import RestErp
from connectors.errors import MalformedRecord, UpstreamUnavailable
from connectors.http import request_id
from tests.harness.processes import Sandbox

CLIENTS = ("0010001", "0010007")
PART = Slice(3)
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


def policies(attribute: str) -> Keys:
    return lambda sandbox: [
        sandbox.page("policies", "contract", key)[0][attribute] for key in ids_of("contracts")(sandbox)
    ]


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
    "contract_balances_by_contract": (ids_of("contracts", "number"), ()),
    "contracts_by_id": (ids_of("contracts"), ()),
    "contracts_by_number": (ids_of("contracts", "number"), ()),
    "contracts_by_client": (clients, (ContractFilter(), PART)),
    "contract_counts_by_client": (clients, (ContractFilter(),)),
    "invoices_by_id": (ids_of("invoices"), ()),
    "invoices_by_number": (ids_of("invoices", "number"), ()),
    "invoices_by_client": (clients, (InvoiceFilter(), PART)),
    "invoices_by_contract": (ids_of("contracts", "number"), (InvoiceFilter(), PART)),
    "corrections_by_invoice": (corrected, ()),
    "invoice_counts_by_client": (clients, (InvoiceFilter(),)),
    "invoice_counts_by_contract": (ids_of("contracts", "number"), (InvoiceFilter(),)),
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
    "quotes_by_contract": (ids_of("contracts", "number"), ()),
    "quotes_by_client": (clients, ()),
    "policies_by_id": (policies("id"), ()),
    "policies_by_number": (policies("number"), ()),
    "policies_by_contract": (ids_of("contracts"), ()),
}
WITHOUT_KEYS = {
    "health", "submit_service_request", "cancel_service_request", "accept_service_request", "add_account",
    "change_account_role", "remove_account", "changes",
}  # fmt: skip
OVER_ALL: dict[str, tuple[str, Any]] = {
    "all_clients": ("all_client_counts", ClientFilter()),
    "all_contracts": ("all_contract_counts", ContractFilter()),
    "all_invoices": ("all_invoice_counts", InvoiceFilter(issued_from=date(2026, 9, 1))),
}


def of_port(port: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_")}


def test_every_method_of_the_port_is_tested() -> None:
    over_all = set(OVER_ALL) | {counts for counts, _ in OVER_ALL.values()}
    untested = of_port(ErpPort) - set(METHODS) - WITHOUT_KEYS - over_all
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


async def test_the_request_id_goes_along(erp: RestErp, switched: Sandbox) -> None:
    token = request_id.set("of-this-test")
    try:
        with switched.calls() as calls:
            await erp.clients_by_number(CLIENTS)
    finally:
        request_id.reset(token)
    assert [call["requestId"] for call in calls] == ["of-this-test"]


@pytest.mark.parametrize("method", OVER_ALL)
async def test_paging_over_all_clients(method: str, erp: RestErp) -> None:
    """Every client's, in the list's order, none twice; there is one such list, under one key."""
    counts, where = OVER_ALL[method]
    ask = getattr(erp, method)
    seen: list[Any] = []
    after = None
    while True:
        (page,) = await ask([EVERY], where, Slice(400, after))
        seen += page.items
        if not page.has_next:
            break
        assert len(page.items) == 400
        after = page.next
    assert [len(seen)] == await getattr(erp, counts)([EVERY], where)
    sound = [item for item in seen if not isinstance(item, MalformedRecord)]
    assert len(sound) >= len(seen) - 1
    keys = [item.number if method == "all_clients" else (item_day(item), int(item.id)) for item in sound]
    assert len(keys) == len(set(keys))
    assert keys == sorted(keys, reverse=method != "all_clients")
    assert len({item.client_number for item in sound}) > 20
    (nothing,) = await ask(["0010001"], where, Slice(1))
    assert not nothing.items
    assert await getattr(erp, counts)(["0010001"], where) == [0]


def item_day(item: Any) -> date:
    day: date = item.issue_date if isinstance(item, InvoiceRecord) else item.starts_on
    return day
