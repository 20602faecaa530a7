"""Writing service requests through the port: no answer taken on trust."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.rest import RestErp
from connectors.erp.submission import (
    OutcomeUnknown,
    Submission,
)
from connectors.errors import MalformedAnswer
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

CLIENT = "0010005"
OPINION = Submission(CLIENT, "COOPERATION_OPINION", None, CLIENT, {"purpose": "x"}, Decimal("123.00"))


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
