"""Writing accounts through the port: refusals typed, no answer taken on trust; the feed of changes."""

from uuid import uuid4

import msgspec
import pytest

from connectors.erp.account_writing import AlreadyUser, LastOwner, NewAccount, NotOwner
from connectors.erp.rest import RestErp
from connectors.erp.submission import IdempotencyKeyReused, OutcomeUnknown
from connectors.errors import MalformedAnswer, UpstreamRejected
from connectors.http import UpstreamClient
from tests.connectors.canned import answering
from tests.harness.processes import Sandbox

CLIENT = "0010004"


def new(**changed: str) -> NewAccount:
    email = f"{uuid4().hex}@example.com"
    account = NewAccount(CLIENT, email, "Żaneta", "Nowa", "FLEET", "pl", CLIENT)
    return msgspec.structs.replace(account, **changed)


async def test_a_user_is_added_once(erp: RestErp) -> None:
    key, wanted = uuid4().hex, new()
    added = await erp.add_account(key, wanted)
    assert await erp.add_account(key, wanted) == added
    assert (added.email, added.role, added.client_numbers) == (wanted.email, "FLEET", (CLIENT,))
    with pytest.raises(IdempotencyKeyReused):
        await erp.add_account(key, new())
    with pytest.raises(AlreadyUser):
        await erp.add_account(uuid4().hex, new(email=wanted.email.upper()))
    with pytest.raises(NotOwner):
        await erp.add_account(uuid4().hex, new(by=added.login))
    changed = await erp.change_account_role(added.login, CLIENT, "OWNER", CLIENT)
    assert changed.role == "OWNER"
    for _ in range(2):
        await erp.remove_account(added.login, CLIENT, CLIENT)
    assert await erp.accounts_by_login([added.login]) == [None]


async def test_refused(erp: RestErp) -> None:
    with pytest.raises(LastOwner):
        await erp.remove_account(CLIENT, CLIENT, CLIENT)
    with pytest.raises(LastOwner):
        await erp.change_account_role(CLIENT, CLIENT, "FLEET", CLIENT)
    with pytest.raises(UpstreamRejected) as foreign:
        await erp.change_account_role(CLIENT, "0010001", "FLEET", "0010001")
    assert foreign.value.status == 404


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
