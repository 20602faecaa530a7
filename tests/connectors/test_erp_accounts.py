"""Writing accounts through the port: no answer taken on trust."""

from uuid import uuid4

import msgspec
import pytest

from connectors.erp.account_writing import NewAccount
from connectors.erp.rest import RestErp
from connectors.erp.submission import OutcomeUnknown
from connectors.errors import MalformedAnswer
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

CLIENT = "0010004"


def new(**changed: str) -> NewAccount:
    email = f"{uuid4().hex}@example.com"
    account = NewAccount(CLIENT, email, "Żaneta", "Nowa", "FLEET", "pl", CLIENT)
    return msgspec.structs.replace(account, **changed)


async def test_no_answer_is_no_refusal(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/accounts", mode="refuse"), pytest.raises(OutcomeUnknown):
        await erp.add_account(uuid4().hex, new())


@pytest.mark.parametrize("what", ["garbage", "another client's"])
async def test_an_answer_that_is_not_about_it(what: str, erp: RestErp) -> None:
    (other,) = await erp.accounts_by_login(["0010001"])
    lie = msgspec.json.encode(other)
    async with answering(b"garbage" if what == "garbage" else lie) as url:
        http = UpstreamClient("erp", url)
        liar = RestErp(http)
        with pytest.raises(MalformedAnswer):
            await liar.add_account(uuid4().hex, new())
        with pytest.raises(MalformedAnswer):
            await liar.change_account_role(CLIENT, CLIENT, "OWNER", CLIENT)
        await http.close()
