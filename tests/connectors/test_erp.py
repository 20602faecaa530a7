"""RestErp against the sandbox, beside the contract: health, request ids, lists over all clients."""

from datetime import date
from typing import Any

import pytest

from connectors.erp.port import ALL as EVERY
from connectors.erp.queries import ClientFilter, ContractFilter, InvoiceFilter, Slice
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.rest import RestErp
from connectors.errors import MalformedRecord, UpstreamUnavailable
from connectors.http import request_id
from tests.harness.processes import Sandbox

CLIENTS = ("0010001", "0010007")


OVER_ALL: dict[str, tuple[str, Any]] = {
    "all_clients": ("all_client_counts", ClientFilter()),
    "all_contracts": ("all_contract_counts", ContractFilter()),
    "all_invoices": ("all_invoice_counts", InvoiceFilter(issued_from=date(2026, 9, 1))),
}


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
