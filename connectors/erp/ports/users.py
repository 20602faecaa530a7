"""Portal users' accounts: who logs in, and for which clients."""

from typing import Protocol

from connectors.erp.account_writing import NewAccount
from connectors.erp.port import ErpPart, Found, Keys, Pages
from connectors.erp.records.client import AccountRecord


class AccountPort(ErpPart, Protocol):
    """Portal users. Writes are never repeated.

    Each write names the client that it is about, and the login of who acts.
    """

    async def accounts_by_login(self, logins: Keys) -> Found[AccountRecord]:
        """Active portal users by login: those that act for a client."""

    async def accounts_by_client(self, numbers: Keys) -> Pages[AccountRecord]:
        """All portal users that act for each client, by login."""

    async def add_account(self, key: str, account: NewAccount) -> AccountRecord:
        """Adds a user with a login of their own, once for each key.

        Raises IdempotencyKeyReused, AlreadyUser, NotOwner, OutcomeUnknown.
        """

    async def change_account_role(self, login: str, client_number: str, role: str, by: str) -> AccountRecord:
        """Gives a user of the client another role. The same again changes nothing.

        Raises LastOwner, NotOwner.
        """

    async def remove_account(self, login: str, client_number: str, by: str) -> None:
        """Takes a user from the client; without a client the account is deactivated.

        The same again changes nothing. Raises LastOwner, NotOwner.
        """
