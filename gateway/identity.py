"""Auth's ports, filled from the connectors; and the viewer of a request."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from auth.errors import DirectoryUnavailable, MailUnavailable, StoreUnavailable
from auth.service import Auth
from connectors.erp.port import ErpPort
from connectors.erp.records.client import AccountRecord
from connectors.errors import UpstreamError
from connectors.mail.port import MailSender, OutgoingMail
from gateway.graphql.parameters import RequestError
from resolvers.viewer import Role, Viewer

log = logging.getLogger(__name__)

PREFLIGHT_HEADER = "GraphQL-Require-Preflight"


class ErpAccounts:
    """The directory of portal accounts is the ERP's."""

    def __init__(self, erp: ErpPort) -> None:
        self._erp = erp

    async def account_by_login(self, login: str) -> AccountRecord | None:
        try:
            (account,) = await self._erp.accounts_by_login([login])
        except UpstreamError as error:
            raise DirectoryUnavailable from error
        if isinstance(account, UpstreamError):
            log.error("an account record can't be read: %s", account.reason)
            raise DirectoryUnavailable from account
        return account


class CredentialMails:
    """Credential mails are marked as such, so that the archive never shows them."""

    def __init__(self, sender: MailSender) -> None:
        self._sender = sender

    async def send(self, *, to: str, subject: str, text: str, html: str) -> None:
        try:
            await self._sender.send(OutgoingMail(to, subject, text, html, credential=True))
        except UpstreamError as error:
            raise MailUnavailable from error


def session_viewer(auth: Auth, *, navigation: bool = False) -> Callable[[Request], Awaitable[Viewer | None]]:
    """The viewer by session cookie.

    A page elsewhere can make a browser send the cookie, but not a header of its own without a CORS
    preflight, which we never grant: hence the header is required wherever the cookie counts. But a person
    who follows a link sends none: `navigation` is for what only reads, and shows nothing to other origins.
    """

    async def viewer_of(request: Request) -> Viewer | None:
        try:
            session = await auth.session(request)
        except StoreUnavailable as error:
            raise RequestError(
                503, "Who you are can't be checked now; try again soon.", "STORE_UNAVAILABLE"
            ) from error
        if session is None:
            return None
        if not navigation and PREFLIGHT_HEADER not in request.headers:
            raise RequestError(
                403,
                f"A request with a session cookie needs the header '{PREFLIGHT_HEADER}', with any value.",
                "PREFLIGHT_REQUIRED",
            )
        return Viewer(
            session.login, session.display_name, Role(session.role), frozenset(session.client_numbers)
        )

    return viewer_of
