"""Every way in which RestErp can fail to read: typed, and no wider than what is broken."""

from typing import Any

import pytest

from connectors.erp.queries import Slice
from connectors.erp.rest import RestErp
from connectors.errors import (
    MalformedAnswer,
    MalformedRecord,
    UpstreamError,
    UpstreamRejected,
    UpstreamUnavailable,
)
from tests.harness.processes import Sandbox

CLIENTS = ("0010001", "0010007")


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
