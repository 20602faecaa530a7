"""What the gateway provides: who has an account, and how a credential mail leaves the house."""

from typing import Protocol


class PortalAccount(Protocol):
    """One portal user, as the back office knows them. `language` is `pl` or `en`."""

    @property
    def login(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def surname(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def company_name(self) -> str: ...
    @property
    def client_numbers(self) -> tuple[str, ...]: ...
    @property
    def role(self) -> str: ...
    @property
    def language(self) -> str: ...


class AccountDirectory(Protocol):
    async def account_by_login(self, login: str) -> PortalAccount | None:
        """The active account with exactly this login, or None. Raises DirectoryUnavailable."""


class CredentialMailer(Protocol):
    async def send(self, *, to: str, subject: str, text: str, html: str, key: str) -> None:
        """Hands one credential mail over for delivery. Raises MailUnavailable, or of that MailRefused.

        All tries of a mail have the same `key`, so that whoever gets it twice can know it as the same.

        The implementation marks the mail, so that it can never be read back through the portal.
        """
