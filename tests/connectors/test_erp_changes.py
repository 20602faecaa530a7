"""The feed of changes: one page after another, and what is no feed."""

import msgspec
import pytest

from connectors.erp.changes import Change, Changes
from connectors.erp.rest import RestErp
from connectors.errors import MalformedAnswer
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

CLIENT = "0010005"


async def test_one_page_after_another(erp: RestErp, switched: Sandbox) -> None:
    position = 0
    while (page := await erp.changes(position, 100)).items:
        position = page.next
    for language in ("en", "pl"):
        switched.ask("PUT", f"/sandbox/accounts/{CLIENT}", {"language": language})
    change = Change("accounts", CLIENT, CLIENT)
    first = await erp.changes(position, 1)
    assert (first.items, first.begun_anew) == ((change,), False)
    second = await erp.changes(first.next, 1)
    assert second.items == (change,)
    assert (await erp.changes(second.next, 1)).items == ()
    beyond = await erp.changes(10**9, 1)
    assert (beyond.items, beyond.begun_anew) == ((), True)


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
