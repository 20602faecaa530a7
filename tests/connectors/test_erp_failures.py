"""Every way in which RestErp can fail to read: typed, and no wider than what is broken."""

from typing import Any

import pytest

from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.rest import RestErp
from connectors.errors import (
    MalformedAnswer,
    MalformedRecord,
    UpstreamError,
    UpstreamRejected,
    UpstreamUnavailable,
)
from connectors.http import UpstreamClient
from tests.harness.processes import Sandbox, free_ports

CLIENTS = ("0010001", "0010007")


async def test_only_the_broken_record_is_malformed(erp: RestErp) -> None:
    (page, other) = await erp.invoices_by_client(["0010009", "0010001"], InvoiceFilter(), Slice(1000))
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
        for method in (
            "accounts_by_login",
            "clients_by_number",
            "accounts_by_client",
            "balances_by_client",
            "payment_counts_by_client",
        ):
            with pytest.raises(error) as raised:
                await getattr(erp, method)(CLIENTS)
            assert raised.value.system == "erp"
    assert await erp.clients_by_number(CLIENTS), "it is asked again, and answers"


async def test_records_of_wrong_types_are_malformed_each(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/*", mode="wrong-types"):
        found = await erp.clients_by_number(CLIENTS)
    assert [type(each) for each in found] == [MalformedRecord] * 2


async def test_records_of_another_key_are_malformed(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/*", mode="lie"):
        clients = await erp.clients_by_number(CLIENTS)
        (page,) = await erp.payments_by_client(CLIENTS[:1], Slice(3))
    assert [type(each) for each in clients] == [MalformedRecord] * 2
    assert page.items
    assert {type(each) for each in page.items} == {MalformedRecord}
