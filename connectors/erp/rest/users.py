"""Portal users' accounts over the REST contract."""

import msgspec

from connectors.batch import by
from connectors.erp.account_writing import AlreadyUser, LastOwner, NewAccount, NotOwner
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.records.client import AccountRecord
from connectors.erp.rest.collection import Asked, Collection
from connectors.erp.rest.writing import Refusals, read, write
from connectors.erp.submission import IdempotencyKeyReused, OutcomeUnknown
from connectors.errors import MalformedAnswer, UpstreamTimeout, UpstreamUnavailable
from connectors.http import UpstreamClient

_REFUSALS: Refusals = {
    "IDEMPOTENCY_CONFLICT": IdempotencyKeyReused,
    "ALREADY_A_USER": AlreadyUser,
    "LAST_OWNER": LastOwner,
    "NOT_AN_OWNER": NotOwner,
}
_encode = msgspec.json.Encoder().encode


def _acts_for(account: AccountRecord, client: str) -> bool:
    return client in account.client_numbers


class RestAccounts:
    """See `connectors.erp.ports.users.AccountPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._office = http
        self._accounts = Collection(http, "accounts", "account", AccountRecord)
        self._account = msgspec.json.Decoder(AccountRecord)

    def accounts_by_login(self, logins: Keys) -> Asked[Found[AccountRecord]]:
        return self._accounts.get("login", logins, by("login"))

    def accounts_by_client(self, numbers: Keys) -> Asked[Pages[AccountRecord]]:
        return self._accounts.pages("client", numbers, _acts_for)

    async def add_account(self, key: str, account: NewAccount) -> AccountRecord:
        headers = {"Idempotency-Key": key}
        try:
            body = await write(self._office, "/v1/accounts", _encode(account), _REFUSALS, headers)
        except (UpstreamTimeout, UpstreamUnavailable) as error:
            if not error.sent:
                raise
            raise OutcomeUnknown(error) from error
        added = read(self._office, self._account, body)
        if account.client_number not in added.client_numbers:
            raise MalformedAnswer(self._office.system)
        return added

    async def change_account_role(self, login: str, client_number: str, role: str, by: str) -> AccountRecord:
        body = _encode({"clientNumber": client_number, "role": role, "by": by})
        answer = await write(self._office, f"/v1/accounts/{login}/role", body, _REFUSALS)
        changed = read(self._office, self._account, answer)
        if changed.login != login or client_number not in changed.client_numbers:
            raise MalformedAnswer(self._office.system)
        return changed

    async def remove_account(self, login: str, client_number: str, by: str) -> None:
        body = _encode({"clientNumber": client_number, "by": by})
        await write(self._office, f"/v1/accounts/{login}/remove", body, _REFUSALS)
