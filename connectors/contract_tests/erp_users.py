"""What every system keeps that knows who logs in: see `connectors.erp.ports.users.AccountPort`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from uuid import uuid4

import msgspec
import pytest

from connectors.contract_tests.data.erp import UsersData
from connectors.contract_tests.erp import ErpPartContract
from connectors.contract_tests.keys import whole
from connectors.erp.account_writing import AlreadyUser, LastOwner, NewAccount, NotOwner
from connectors.erp.ports.users import AccountPort
from connectors.erp.records.client import AccountRecord
from connectors.erp.submission import IdempotencyKeyReused
from connectors.errors import UpstreamError, UpstreamRejected


class UsersContract(ErpPartContract[AccountPort, UsersData]):
    """Users by login and client, and what an owner may change."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {"accounts_by_login": (), "accounts_by_client": ()}

    @pytest.fixture
    def data(self) -> UsersData:
        """Two clients with one OWNER each."""
        return UsersData()

    async def known(self, port: AccountPort, data: UsersData) -> Mapping[str, Sequence[str]]:
        del port
        return {
            "accounts_by_login": (data.owner, data.other_owner),
            "accounts_by_client": (data.client, data.other),
        }

    async def test_a_client_s_users_act_for_it(self, port: AccountPort, data: UsersData) -> None:
        pages = await port.accounts_by_client([data.client, data.other])
        for client, page in zip((data.client, data.other), pages, strict=True):
            accounts = whole(page.items)
            assert not page.has_next, "the list is whole"
            assert all(client in each.client_numbers for each in accounts)
            assert [each.login for each in accounts] == sorted(each.login for each in accounts)
            assert whole(await port.accounts_by_login([each.login for each in accounts])) == accounts

    async def test_a_user_is_added_once_changed_and_removed(self, port: AccountPort, data: UsersData) -> None:
        key, wanted = uuid4().hex, _new(data)
        added = await port.add_account(key, wanted)
        try:
            assert _facts(await port.add_account(key, wanted)) == _facts(added)
            told = (added.email, added.role, added.client_numbers)
            assert told == (wanted.email, wanted.role, (data.client,))
            assert added.login not in (data.owner, data.other_owner)
            with pytest.raises(IdempotencyKeyReused):
                await port.add_account(key, _new(data))
            with pytest.raises(AlreadyUser):
                await port.add_account(uuid4().hex, _new(data, email=wanted.email.upper()))
            with pytest.raises(NotOwner):
                await port.add_account(uuid4().hex, _new(data, by=added.login))
            with pytest.raises(NotOwner):
                await port.change_account_role(added.login, data.client, "OWNER", added.login)
            for _ in range(2):
                changed = await port.change_account_role(added.login, data.client, "ACCOUNTANT", data.owner)
                assert (changed.login, changed.role) == (added.login, "ACCOUNTANT")
            (read,) = await port.accounts_by_login([added.login])
            assert isinstance(read, AccountRecord)
            assert _facts(read) == _facts(changed)
        finally:
            for _ in range(2):
                await port.remove_account(added.login, data.client, data.owner)
        assert await port.accounts_by_login([added.login]) == [None]

    async def test_a_client_keeps_an_owner(self, port: AccountPort, data: UsersData) -> None:
        with pytest.raises(LastOwner):
            await port.remove_account(data.owner, data.client, data.owner)
        with pytest.raises(LastOwner):
            await port.change_account_role(data.owner, data.client, "FLEET", data.owner)

    async def test_another_client_s_users_are_not_touched(self, port: AccountPort, data: UsersData) -> None:
        with pytest.raises(UpstreamRejected):
            await port.change_account_role(data.other_owner, data.client, "FLEET", data.owner)
        (still,) = await port.accounts_by_login([data.other_owner])
        assert isinstance(still, AccountRecord)
        assert still.role == "OWNER"

    async def test_a_write_that_nobody_answers_is_no_success(
        self, unreachable: AccountPort, data: UsersData
    ) -> None:
        with pytest.raises(UpstreamError) as error:
            await unreachable.add_account(uuid4().hex, _new(data))
        assert not isinstance(error.value, UpstreamRejected)


def _new(data: UsersData, **changed: str) -> NewAccount:
    email = f"{uuid4().hex}@example.com"
    account = NewAccount(data.client, email, "Żaneta", "Nowa", "FLEET", "pl", data.owner)
    return msgspec.structs.replace(account, **changed)


def _facts(account: AccountRecord) -> dict[str, Any]:
    return {name: getattr(account, name) for name in account.__struct_fields__ if name != "as_of"}
