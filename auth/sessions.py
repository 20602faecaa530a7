"""Sessions: 256-bit ids stored hashed, ended by idle time, age, number, logout or the account's epoch."""

import time
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from auth.audit import AuditLog
from auth.cookies import Cookies
from auth.keys import AccountKeys, KeyMaker, token_hash
from auth.options import AuthOptions
from auth.profile import Profile
from auth.recent import Recent
from auth.store import Store, milliseconds

ENDED = "auth:ended"
"""The channel on which the store tells the tag of an account of which a session or token ended; empty for the
token of a tool."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is asking. `auth_time` in seconds since 1970; `account` is the account's tag in the store."""

    login: str
    client_numbers: tuple[str, ...]
    role: str
    display_name: str
    email: str = field(repr=False)
    language: str
    session_id_hash: str
    auth_time: int
    epoch: int
    account: str

    @classmethod
    def of(
        cls, profile: Profile, *, session_id_hash: str, auth_time: int, epoch: int, account: str
    ) -> "Session":
        return cls(
            login=profile.login,
            client_numbers=profile.client_numbers,
            role=profile.role,
            display_name=profile.display_name,
            email=profile.email,
            language=profile.language,
            session_id_hash=session_id_hash,
            auth_time=auth_time,
            epoch=epoch,
            account=account,
        )


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """One line of the list of an account's sessions; times in seconds since 1970."""

    session_id_hash: str
    created: float
    seen: float
    browser: str


def _session(answer: list[str], hashed: str, keys: AccountKeys) -> Session | None:
    """What `session_check` says."""
    if answer[0] != "alive":
        return None
    return Session.of(
        Profile.from_json(answer[1]),
        session_id_hash=hashed,
        auth_time=int(answer[3]) // 1000,
        epoch=int(answer[2]),
        account=keys.tag,
    )


class Sessions:
    """Every method may raise StoreUnavailable."""

    def __init__(
        self, store: Store, keys: KeyMaker, cookies: Cookies, audit: AuditLog, options: AuthOptions
    ) -> None:
        self._store = store
        self._audit = audit
        self._keys = keys
        self._cookies = cookies
        self._idle = milliseconds(options.idle_seconds)
        self._absolute = milliseconds(options.absolute_seconds)
        self._touch = milliseconds(options.touch_seconds)
        self._recent: Recent[Session] = Recent(options.recall_seconds)

    @property
    def recalled(self) -> int:
        """How often `recent` asked nobody."""
        return self._recent.recalled

    async def of(self, connection: HTTPConnection, *, touch: bool = True) -> Session | None:
        """The living session of a request: one round trip, a write at most every `touch_seconds`.

        Without `touch` it is no use of the session, which ends by rest as if nobody had looked.
        """
        return await self.by_token(self._cookies.read(connection, "session"), touch=touch)

    async def by_token(self, token: str | None, *, touch: bool = True) -> Session | None:
        keys = self._keys.of_token(token)
        if keys is None or token is None:
            return None
        hashed = token_hash(token)
        touch_after = self._touch if touch else self._absolute
        answer = await self._store.run("session_check", *self._question(keys, hashed, touch_after))
        return _session(answer, hashed, keys)

    async def recent(self, connection: HTTPConnection) -> Session | None:
        """As `of`, or as it was within the last `recall_seconds` if the store has told of no change since.

        For what may be asked many times a second, and only reads who asks. Of those whose answer is kept so,
        the store notes a use `recall_seconds` late at most.
        """
        token = self._cookies.read(connection, "session")
        if token is None:
            return None
        hashed = token_hash(token)
        session = self._recent.get(hashed)
        if session is None:
            keys = self._keys.of_token(token)
            if keys is None:
                return None
            asked = time.monotonic()
            question = self._question(keys, hashed, self._touch)
            wanted = self._recent.knows(hashed)
            answer, lease = await self._store.run_leased("session_check", *question, wanted=wanted)
            session = _session(answer, hashed, keys)
            if session is not None:
                self._recent.keep(hashed, session, lease, asked=asked, seconds=int(answer[4]) / 1000)
        return session

    def _question(
        self, keys: AccountKeys, hashed: str, touch_after: int
    ) -> tuple[list[str], str, int, int, int]:
        return [keys.account, keys.sessions], hashed, self._idle, self._absolute, touch_after

    async def all_of(self, session: Session) -> list[SessionEntry]:
        """The account's living sessions, newest first."""
        keys = self._keys.of_login(session.login)
        answer = await self._store.run(
            "session_list",
            [keys.account, keys.sessions],
            self._idle,
            self._absolute,
        )
        entries = [
            SessionEntry(answer[at], int(answer[at + 1]) / 1000, int(answer[at + 2]) / 1000, answer[at + 3])
            for at in range(0, len(answer), 4)
        ]
        return sorted(entries, key=lambda entry: entry.created, reverse=True)

    async def end(self, session: Session, session_id_hash: str) -> bool:
        """Ends one of the account's own sessions; False when it has no such session."""
        return await self._end(self._keys.of_login(session.login), session_id_hash)

    async def end_token(self, token: str | None) -> None:
        keys = self._keys.of_token(token)
        if keys is not None and token is not None:
            await self._end(keys, token_hash(token))

    async def _end(self, keys: AccountKeys, session_id_hash: str) -> bool:
        (result,) = await self._store.run("session_end", [keys.sessions], session_id_hash)
        if result == "ended":
            await self._audit.record("session.end", account=keys.tag, session=session_id_hash[:16])
        return result == "ended"

    async def end_all(self, session: Session) -> int:
        """Logs out everywhere: every session, token and open flow ends now. Returns the new epoch."""
        return await self.end_all_of(session.login)

    async def end_all_of(self, login: str) -> int:
        """The same for an account by its login."""
        keys = self._keys.of_login(login)
        answer = await self._store.run("epoch_bump", [keys.account, keys.sessions])
        await self._audit.record("session.end_all", account=keys.tag)
        return int(answer[1])
