"""Auth's ports, filled from the connectors; and who asks."""

import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request

from auth.errors import DirectoryUnavailable, MailRefused, MailUnavailable, StoreUnavailable
from auth.options import LOOPBACK_NAMES
from auth.service import Auth
from auth.sessions import Session
from auth.tokens import Grant
from connectors.erp.ports.users import AccountPort
from connectors.erp.records.client import AccountRecord
from connectors.errors import InvalidMail, UpstreamError, UpstreamRejected
from connectors.mail.port import SENDER, MailSender, OutgoingMail
from gateway.graphql.parameters import RequestError
from gateway.headers import headers_of
from resolvers.viewer import Asker, Role, Tool, Viewer

log = logging.getLogger(__name__)

PREFLIGHT_HEADER = "GraphQL-Require-Preflight"
_PREFLIGHT = PREFLIGHT_HEADER.lower().encode()
PORTAL_SCOPE = "portal"
"""The scope of a user's token: all that they may do when they are logged in."""


class ErpAccounts:
    """The directory of portal accounts is that of a back-office system."""

    def __init__(self, users: AccountPort) -> None:
        self._users = users

    async def account_by_login(self, login: str) -> AccountRecord | None:
        try:
            (account,) = await self._users.accounts_by_login([login])
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

    async def send(self, *, to: str, subject: str, text: str, html: str, key: str) -> None:
        try:
            await self._sender.send(OutgoingMail(to, subject, text, html, credential=True, key=key))
        except UpstreamError as error:
            log.warning("a mail can't be sent: %s", error)
            if isinstance(error, UpstreamRejected):
                raise MailRefused(final=error.reason != SENDER) from error
            if isinstance(error, InvalidMail):
                raise MailRefused(final=True) from error
            raise MailUnavailable from error


class Credential:
    """What a request or a stream came with: a bearer token, else a session cookie.

    `account` is the account's tag once `asker` found somebody; empty for a tool.
    """

    def __init__(self, auth: Auth, connection: HTTPConnection, token: str | None) -> None:
        self._auth = auth
        self._connection = connection
        self.token = token
        self.account = ""

    async def asker(self, *, touch: bool = True) -> Asker | None:
        """Who asks, as of now; None for nobody. A look without `touch` is no use of the session.

        Raises RequestError: 401 or 403 where the token grants nothing, 503 where that can't be told.
        """
        try:
            if self.token is not None:
                grant = await self._auth.bearer(self.token, touch=touch)
                self.account = grant.session.account if grant and grant.session else ""
                return _granted(grant)
            session = await self._auth.session(self._connection, touch=touch)
        except StoreUnavailable as error:
            raise RequestError(
                503, "Who you are can't be checked now; try again soon.", "STORE_UNAVAILABLE"
            ) from error
        if session is None:
            return None
        self.account = session.account
        return _person(session)


def admission(
    auth: Auth, *, navigation: bool = False
) -> Callable[[Request], Awaitable[tuple[Credential, Asker | None]]]:
    """Who asks by an HTTP request, and by what.

    A page elsewhere can make a browser send the cookie, but not a header of its own without a CORS
    preflight, which we never grant: hence the header is required wherever the cookie counts. But a person
    who follows a link sends none: `navigation` is for what only reads, and shows nothing to other origins.
    A token is in such a header already.
    """

    async def admit(request: Request) -> tuple[Credential, Asker | None]:
        credential = Credential(auth, request, bearer(_authorization(request)))
        asker = await credential.asker()
        by_cookie = asker is not None and credential.token is None
        if by_cookie and not navigation and _PREFLIGHT not in headers_of(request.scope):
            raise RequestError(
                403,
                f"A request with a session cookie needs the header '{PREFLIGHT_HEADER}', with any value.",
                "PREFLIGHT_REQUIRED",
            )
        return credential, asker

    return admit


def asker_of(auth: Auth, *, navigation: bool = False) -> Callable[[Request], Awaitable[Asker | None]]:
    """Who asks by an HTTP request; see `admission`."""
    admit = admission(auth, navigation=navigation)

    async def asker(request: Request) -> Asker | None:
        return (await admit(request))[1]

    return asker


def insufficient(scope: str) -> RequestError:
    """The token is good, but not for this (RFC 6750, 3.1)."""
    challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
    return RequestError(403, f"This needs the scope '{scope}'.", "FORBIDDEN", {"WWW-Authenticate": challenge})


def _authorization(request: Request) -> str:
    """The header Authorization, or nothing.

    Raises RequestError for two such headers: who stands in front may have looked at the other one.
    """
    given: list[bytes] = [value for name, value in request.scope["headers"] if name == b"authorization"]
    if len(given) > 1:
        raise RequestError(400, "The header 'Authorization' must be there once.")
    return (given or [b""])[0].decode("latin-1")


def bearer(authorization: str) -> str | None:
    """The token of an Authorization header; another scheme is a proxy's business and not ours."""
    scheme, _, token = authorization.partition(" ")
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
    return _viewer(session.login, session.display_name, session.role, session.client_numbers)


@lru_cache(1000)
def _viewer(login: str, display_name: str, role: str, client_numbers: tuple[str, ...]) -> Viewer:
    return Viewer(login, display_name, Role(role), frozenset(client_numbers))


def socket_credential(auth: Auth) -> Callable[[HTTPConnection, str], Credential | None]:
    """By what somebody asks on a WebSocket: the token of an `authorization` in its first message, else the
    session cookie, if a page of ours opened it. None where there is neither.

    Browsers let any page open a WebSocket, with our cookies, but say where the page is from.
    """

    def credential(connection: HTTPConnection, authorization: str) -> Credential | None:
        token = bearer(authorization)
        if token is None and not _own_page(auth, connection):
            return None
        return Credential(auth, connection, token)

    return credential


def _own_page(auth: Auth, connection: HTTPConnection) -> bool:
    """On a loopback name a dev server may stand before us, which passes on its own Host."""
    origin = connection.headers.get("origin", "")
    if origin in auth.options.origins:
        return True
    page = urlsplit(origin)
    loopback = {page.hostname, auth.options.url.hostname} <= LOOPBACK_NAMES
    return loopback and page.netloc == connection.headers.get("host")
