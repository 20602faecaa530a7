"""Auth: the package put together, as the gateway uses it."""

from collections.abc import Sequence

from redis.asyncio import Redis
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Mount, Route

from auth.account_locks import AccountLocks
from auth.accounts import Accounts
from auth.address_notices import AddressNotices
from auth.audit import AuditLog, StreamAudit
from auth.breaker import Breaker
from auth.clients import Client
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
from auth.oidc.provider import Provider
from auth.options import AuthOptions
from auth.outbox import Outbox
from auth.pages import Pages, StaticPages
from auth.password_change import PasswordChanges
from auth.password_pages import PATH as CHANGE_PASSWORD
from auth.password_pages import WELL_KNOWN, PasswordPages
from auth.ports import AccountDirectory, CredentialMailer
from auth.sessions import Session, Sessions
from auth.store import Store
from auth.tokens import Grant
from auth.tokens.access import AccessTokens
from auth.tokens.families import Families
from auth.tokens.references import References
from auth.tokens.signing_keys import SigningKeys


class Auth:
    """Credential flow, login, sessions and the OpenID provider on one store.

    The caller owns the store's client; `close` waits for mails under way and stops the hash pool.
    """

    def __init__(
        self,
        store: Redis,
        directory: AccountDirectory,
        mailer: CredentialMailer,
        options: AuthOptions,
        *,
        clients: Sequence[Client] = (),
        audit: AuditLog | None = None,
    ) -> None:
        self.options = options
        self.store = Store(store, replicas=options.replicas)
        self.audit: AuditLog = audit or StreamAudit(self.store, options.pepper, options.audit_entries)
        self.keys = KeyMaker(options.pepper)
        self.passwords = Passwords(options)
        self._mails = Mails(options)
        outbox = Outbox(self.store, options.pepper, options.outbox_lease_seconds)
        self.mail_queue = MailQueue(mailer, self._mails, outbox, options)
        self.cookies = Cookies(options)
        self.sessions = Sessions(self.store, self.keys, self.cookies, self.audit, options)
        self._notices = AddressNotices(self.mail_queue)
        self.accounts = Accounts(self.store, self.keys, self._notices, self.audit)
        self.locks = AccountLocks(self.store, self.keys, self.audit, options)
        self.directory = directory
        self.csrf = CsrfGuard(options, self.cookies)
        self.pages = Pages(options, self.cookies, self.csrf)
        rate = RequestRate(
            self.store, options, per_minute=options.requests_per_minute, burst=options.request_burst
        )
        breaker = Breaker(self.store, self.keys, self.cookies, options)
        self.gate = Gate(options, self.pages, self.csrf, rate, breaker)
        self.invitations = Invitations(
            store=self.store,
            keys=self.keys,
            directory=directory,
            mails=self._mails,
            queue=self.mail_queue,
            notices=self._notices,
            audit=self.audit,
            options=options,
        )
        known = {client.client_id: client for client in clients}
        self.signing_keys = SigningKeys(self.store, self.audit, options)
        self._access_tokens = AccessTokens(self.store, self.signing_keys, known, options)
        references = References(options.pepper)
        self._provider = Provider(
            store=self.store,
            clients=known,
            sessions=self.sessions,
            access_tokens=self._access_tokens,
            gate=self.gate,
            pages=self.pages,
            cookies=self.cookies,
            families=Families(
                store=self.store,
                keys=self.keys,
                references=references,
                directory=directory,
                notices=self._notices,
                audit=self.audit,
                options=options,
            ),
            references=references,
            signing_keys=self.signing_keys,
            audit=self.audit,
            options=options,
        )

    def routes(self) -> list[BaseRoute]:
        """The pages, their static files and the provider; to be mounted at the root of `public_url`."""
        logins = Logins(
            store=self.store,
            keys=self.keys,
            directory=self.directory,
            passwords=self.passwords,
            notices=self._notices,
            audit=self.audit,
            options=self.options,
        )
        pages = LoginPages(
            logins,
            self.sessions,
            pages=self.pages,
            cookies=self.cookies,
            form_targets=self._provider.form_targets,
            options=self.options,
        )
        passwords = self._password_pages()
        return [
            self._route("/login", pages.login),
            self._route("/first-login", self._flow_pages("/first-login", "first").endpoint),
            self._route("/reset-password", self._flow_pages("/reset-password", "reset").endpoint),
            self._route("/logout", pages.logout, methods=["POST"]),
            self._route("/sessions", pages.sessions),
            self._route(CHANGE_PASSWORD, passwords.endpoint),
            self._route(WELL_KNOWN, passwords.well_known, methods=["GET"]),
            Mount("/auth/static", StaticPages(), name="auth-static"),
            *self._provider.routes(),
        ]

    def _route(self, path: str, handler: Handler, methods: list[str] | None = None) -> Route:
        return Route(path, self.gate.guard(handler), methods=methods or ["GET", "POST"])

    def _flow_pages(self, path: str, purpose: Purpose) -> FlowPages:
        flows = Flows(
            purpose,
            store=self.store,
            keys=self.keys,
            directory=self.directory,
            passwords=self.passwords,
            queue=self.mail_queue,
            notices=self._notices,
            audit=self.audit,
            options=self.options,
        )
        return FlowPages(path, flows, pages=self.pages, cookies=self.cookies, options=self.options)

    def _password_pages(self) -> PasswordPages:
        changes = PasswordChanges(
            store=self.store,
            keys=self.keys,
            directory=self.directory,
            passwords=self.passwords,
            queue=self.mail_queue,
            audit=self.audit,
            options=self.options,
        )
        return PasswordPages(changes, self.sessions, pages=self.pages, cookies=self.cookies)

    async def session(self, request: HTTPConnection, *, touch: bool = True) -> Session | None:
        """The living session of a request or websocket, or None. Raises StoreUnavailable.

        What ended in any way is none from the moment on at which the store has told so, and `recall_seconds`
        later if it can't tell. The account's fields are those of its last login. Without `touch` the look is
        no use of the session, and always one at the store.
        """
        if not touch:
            return await self.sessions.of(request, touch=False)
        return await self.sessions.recent(request)

    async def bearer(self, token: str, *, touch: bool = True) -> Grant | None:
        """What a bearer token (an access token of ours) grants now, or None. Raises StoreUnavailable.

        When an end counts, and `touch`: as above.
        """
        if not touch:
            return await self._access_tokens.grant(token, touch=False)
        return await self._access_tokens.recent_grant(token)

    @property
    def recalled(self) -> int:
        """How often the store wasn't asked who somebody is, since it had just said so."""
        return self.sessions.recalled + self._access_tokens.recalled

    async def invite(self, login: str) -> bool:
        """Mails the direct link to the first-login page (the FAQ's invitation); it replaces an earlier one.

        False when the login is unknown or already has a password. Raises StoreUnavailable,
        DirectoryUnavailable and TooManyInvitations.
        """
        return await self.invitations.invite(login)

    async def close(self) -> None:
        await self.mail_queue.close()
        self.passwords.close()
