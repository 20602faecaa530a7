"""Auth: the package put together, as the gateway uses it."""

from redis.asyncio import Redis
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Mount, Route

from auth.accounts import Accounts
from auth.address_notices import AddressNotices
from auth.audit import AuditLog, StreamAudit
from auth.cookies import Cookies
from auth.csrf import CsrfGuard
from auth.flow import Flows, Purpose
from auth.flow_pages import FlowPages
from auth.gate import Gate, Handler
from auth.hashing import Passwords
from auth.invitations import Invitations
from auth.keys import KeyMaker
from auth.limits import RequestRate
from auth.login import Logins
from auth.login_pages import LoginPages
from auth.mail_queue import MailQueue
from auth.mails import Mails
from auth.options import AuthOptions
from auth.pages import Pages, StaticPages
from auth.ports import AccountDirectory, CredentialMailer
from auth.sessions import Session, Sessions
from auth.store import Store
from auth.tokens import Grant


class Auth:
    """Credential flow, login and sessions on one store.

    The caller owns the store's client; `close` waits for mails under way and stops the hash pool.
    """

    def __init__(
        self,
        store: Redis,
        directory: AccountDirectory,
        mailer: CredentialMailer,
        options: AuthOptions,
        *,
        audit: AuditLog | None = None,
    ) -> None:
        self.options = options
        self.store = Store(store)
        self.audit: AuditLog = audit or StreamAudit(self.store, options.audit_entries)
        self.keys = KeyMaker(options.pepper)
        self.passwords = Passwords(options)
        self.mail_queue = MailQueue(mailer, options.mail_retry_seconds, options.mail_delay_seconds)
        self.cookies = Cookies(options)
        self.sessions = Sessions(self.store, self.keys, self.cookies, self.audit, options)
        self._directory = directory
        self._mails = Mails(options)
        self._notices = AddressNotices(self._mails, self.mail_queue)
        self.accounts = Accounts(self.store, self.keys, self._notices, self.audit)
        self.csrf = CsrfGuard(options, self.cookies)
        self.pages = Pages(options, self.cookies, self.csrf)
        self.gate = Gate(options, self.pages, self.csrf, RequestRate(self.store, options))
        self._invitations = Invitations(
            store=self.store,
            keys=self.keys,
            directory=directory,
            mails=self._mails,
            queue=self.mail_queue,
            notices=self._notices,
            audit=self.audit,
            options=options,
        )

    def routes(self) -> list[BaseRoute]:
        """The pages and their static files; to be mounted at the root of `public_url`."""
        logins = Logins(
            store=self.store,
            keys=self.keys,
            directory=self._directory,
            passwords=self.passwords,
            notices=self._notices,
            audit=self.audit,
            options=self.options,
        )
        pages = LoginPages(
            logins, self.sessions, pages=self.pages, cookies=self.cookies, options=self.options
        )
        return [
            self._route("/login", pages.login),
            self._route("/first-login", self._flow_pages("/first-login", "first").endpoint),
            self._route("/reset-password", self._flow_pages("/reset-password", "reset").endpoint),
            self._route("/logout", pages.logout, methods=["POST"]),
            self._route("/sessions", pages.sessions),
            Mount("/auth/static", StaticPages(), name="auth-static"),
        ]

    def _route(self, path: str, handler: Handler, methods: list[str] | None = None) -> Route:
        return Route(path, self.gate.guard(handler), methods=methods or ["GET", "POST"])

    def _flow_pages(self, path: str, purpose: Purpose) -> FlowPages:
        flows = Flows(
            purpose,
            store=self.store,
            keys=self.keys,
            directory=self._directory,
            passwords=self.passwords,
            mails=self._mails,
            queue=self.mail_queue,
            notices=self._notices,
            audit=self.audit,
            options=self.options,
        )
        return FlowPages(path, flows, pages=self.pages, cookies=self.cookies, options=self.options)

    async def session(self, request: HTTPConnection, *, touch: bool = True) -> Session | None:
        """The living session of a request or websocket, or None. Raises StoreUnavailable.

        One round trip; the account's fields are those of its last login. Without `touch` the look is no use
        of the session.
        """
        return await self.sessions.of(request, touch=touch)

    async def bearer(self, token: str, *, touch: bool = True) -> Grant | None:
        """What an access token grants; None unless it is still good. Raises StoreUnavailable.

        `touch` as for a session.
        """
        del token, touch  # none is issued yet
        return None

    async def invite(self, login: str) -> bool:
        """Mails the direct link to the first-login page (the FAQ's invitation); it replaces an earlier one.

        False when the login is unknown or already has a password. Raises StoreUnavailable,
        DirectoryUnavailable and TooManyInvitations.
        """
        return await self._invitations.invite(login)

    async def close(self) -> None:
        await self.mail_queue.close()
        self.passwords.close()
