"""Writing service requests through the port: every refusal typed, no answer taken on trust."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from connectors.erp.records.request import RequestStatus, ServiceRequestRecord
from connectors.erp.rest import RestErp
from connectors.erp.submission import (
    FeeRefused,
    IdempotencyKeyReused,
    OutcomeUnknown,
    StatusRefused,
    Submission,
)
from connectors.errors import MalformedAnswer, UpstreamRejected
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

CLIENT = "0010005"
OPINION = Submission(CLIENT, "COOPERATION_OPINION", None, CLIENT, {"purpose": "x"}, Decimal("123.00"))


async def test_once_for_each_key(erp: RestErp) -> None:
    key = uuid4().hex
    first = await erp.submit_service_request(key, OPINION)
    assert await erp.submit_service_request(key, OPINION) == first
    assert await erp.service_requests_by_idempotency_key([key]) == [first]
    assert first.fee is not None
    assert (first.fee.gross, first.history[0].status) == (Decimal("123.00"), RequestStatus.SUBMITTED)
    with pytest.raises(IdempotencyKeyReused):
        await erp.submit_service_request(key, msgspec.structs.replace(OPINION, details={}))


async def test_another_fee_makes_no_request(erp: RestErp) -> None:
    key = uuid4().hex
    with pytest.raises(FeeRefused):
        await erp.submit_service_request(key, msgspec.structs.replace(OPINION, accepted_fee=Decimal("1.00")))
    assert await erp.service_requests_by_idempotency_key([key]) == [None]


async def test_steps(erp: RestErp) -> None:
    made = await erp.submit_service_request(uuid4().hex, OPINION)
    with pytest.raises(StatusRefused):
        await erp.accept_service_request(made.id, CLIENT, CLIENT)
    with pytest.raises(UpstreamRejected) as foreign:
        await erp.cancel_service_request(made.id, "0010001", "0010001")
    assert foreign.value.status == 404
    cancelled = await erp.cancel_service_request(made.id, CLIENT, CLIENT)
    assert cancelled.status is RequestStatus.CANCELLED


@pytest.mark.parametrize("fault", [{"mode": "hang"}, {"mode": "refuse"}, {"status": 500}], ids=str)
async def test_no_answer_is_no_refusal(fault: dict[str, Any], erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/requests", **fault), pytest.raises(OutcomeUnknown):
        await erp.submit_service_request(uuid4().hex, OPINION)


@pytest.mark.parametrize("what", ["garbage", "another client's"])
async def test_an_answer_that_is_not_about_it(what: str, erp: RestErp) -> None:
    record: ServiceRequestRecord = await erp.submit_service_request(uuid4().hex, OPINION)
    lie = msgspec.json.encode(msgspec.structs.replace(record, client_number="0010001"))
    async with answering(b"garbage" if what == "garbage" else lie) as url:
        http = UpstreamClient("erp", url)
        with pytest.raises(MalformedAnswer):
            await RestErp(http).submit_service_request(uuid4().hex, OPINION)
        await http.close()
