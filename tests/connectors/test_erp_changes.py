"""The feed of changes: a change of no client, and what is no feed."""

import msgspec
import pytest

from connectors.erp.changes import Change, Changes
from connectors.erp.rest import RestErp
from connectors.errors import MalformedAnswer
from connectors.http import UpstreamClient
from tests.connectors.canned import answering


async def test_a_change_of_no_client() -> None:
    items = [{"seq": 4, "collection": "promotions", "id": "1", "clientNumber": None}]
    async with answering(msgspec.json.encode({"items": items, "next": 4})) as url:
        http = UpstreamClient("erp", url)
        assert await RestErp(http).changes(3, 10) == Changes((Change("promotions", "1"),), 4)
        await http.close()


@pytest.mark.parametrize("answer", [b"garbage", b'{"items": [{"collection": "invoices"}], "next": 1}'])
async def test_what_is_no_feed(answer: bytes) -> None:
    async with answering(answer) as url:
        http = UpstreamClient("erp", url)
        with pytest.raises(MalformedAnswer):
            await RestErp(http).changes(0, 10)
        await http.close()
