"""Auth's ports, filled from the connectors; and who asks."""

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from auth.errors import DirectoryUnavailable, MailUnavailable, StoreUnavailable
from auth.service import Auth
from auth.sessions import Session
from auth.tokens import Grant
from connectors.erp.port import ErpPort
from connectors.erp.records.client import AccountRecord
from connectors.errors import UpstreamError
from connectors.mail.port import MailSender, OutgoingMail
from gateway.graphql.parameters import RequestError
from resolvers.viewer import Asker, Role, Tool, Viewer

log = logging.getLogger(__name__)

PREFLIGHT_HEADER = "GraphQL-Require-Preflight"
PORTAL_SCOPE = "portal"
"""The scope of a user's token: all that they may do when they are logged in."""


class ErpAccounts:
    """The directory of portal accounts is the ERP's."""

    def __init__(self, erp: ErpPort) -> None:
        self._erp = erp

    async def account_by_login(self, login: str) -> AccountRecord | None:
        try:
            (account,) = await self._erp.accounts_by_login([login])
        except UpstreamError as error:
            log.warning("accounts can't be read: %s", error)
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
            log.warning("a mail can't be sent: %s", error)
            raise MailUnavailable from error


def asker_of(auth: Auth, *, navigation: bool = False) -> Callable[[Request], Awaitable[Asker | None]]:
    """Who asks: by bearer token, else by session cookie.

    A page elsewhere can make a browser send the cookie, but not a header of its own without a CORS
    preflight, which we never grant: hence the header is required wherever the cookie counts. But a person
    who follows a link sends none: `navigation` is for what only reads, and shows nothing to other origins.
    A token is in such a header already.
    """

    async def asker(request: Request) -> Asker | None:
        try:
            token = _bearer(request)
            if token is not None:
                return _granted(await auth.bearer(token))
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
        return _person(session)

    return asker


def insufficient(scope: str) -> RequestError:
    """The token is good, but not for this (RFC 6750, 3.1)."""
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return RequestError(403, f"This needs the scope '{scope}'.", "FORBIDDEN", {"WWW-Authenticate": challenge})


def _bearer(request: Request) -> str | None:
    """The token of the header Authorization; another scheme is a proxy's business and not ours."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _granted(grant: Grant | None) -> Asker:
    if grant is None:
        challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise RequestError(401, "The access token is wrong or has expired.", "INVALID_TOKEN", challenge)
    if grant.session is None:
        return Tool(grant.client_id, grant.client_name, grant.scopes)
    if PORTAL_SCOPE not in grant.scopes:
        raise insufficient(PORTAL_SCOPE)
    return _person(grant.session)


def _person(session: Session) -> Viewer:
    return Viewer(session.login, session.display_name, Role(session.role), frozenset(session.client_numbers))
