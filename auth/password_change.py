"""A new password by somebody who is logged in and knows the present one."""

from dataclasses import dataclass
from typing import Literal

from auth.audit import AuditLog
from auth.devices import DeviceMarks
from auth.hashing import Passwords
from auth.keys import AccountKeys, KeyMaker, token_hash
from auth.login import reserve_attempt
from auth.mail_queue import MailQueue
from auth.options import AuthOptions
from auth.outbox import Letter
from auth.password_rules import Rule, broken_personal_rules, broken_public_rules
from auth.ports import AccountDirectory, PortalAccount
from auth.profile import Profile
from auth.sessions import Session
from auth.store import Store


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of it; `session_token` is the new value of the session's cookie."""

    result: Literal["changed", "refused", "broken_rules", "ended"]
    rules: tuple[Rule, ...] = ()
    session_token: str = ""


class PasswordChanges:
    def __init__(
        self,
        *,
        store: Store,
        keys: KeyMaker,
        directory: AccountDirectory,
        passwords: Passwords,
        queue: MailQueue,
        audit: AuditLog,
        options: AuthOptions,
    ) -> None:
        self._store = store
        self._keys = keys
        self._directory = directory
        self._passwords = passwords
        self._queue = queue
        self._audit = audit
        self._options = options
        self._devices = DeviceMarks(options.pepper)

    async def broken_rules(self, session: Session, password: str) -> tuple[Rule, ...]:
        """All rules, the personal ones too: who asks is the owner. Raises DirectoryUnavailable."""
        return self._broken(Profile.of(await self._account(session), session.login), password)

    def _broken(self, profile: Profile, password: str) -> tuple[Rule, ...]:
        return broken_public_rules(
            password, login=profile.login, leasing_company=self._options.leasing_company
        ) + broken_personal_rules(password, profile)

    async def _account(self, session: Session) -> PortalAccount | None:
        return await self._directory.account_by_login(session.login)

    async def change(
        self, session: Session, present: str, password: str, *, device_cookie: str | None
    ) -> Changed:
        """Ends every other session; on disk when it returns.

        A wrong present password counts as a failed login does, and past the limit a right one is refused as
        well. An account that the directory no longer has sets none. Raises StoreUnavailable,
        DirectoryUnavailable and HashPoolFull.
        """
        account = await self._account(session)
        if account is None:
            return Changed("ended")
        profile = Profile.of(account, session.login)
        if broken := self._broken(profile, password):
            return Changed("broken_rules", broken)
        keys = self._keys.of_login(session.login)
        device = self._devices.known(device_cookie, keys)
        counter = keys.device_failures(device) if device else keys.login_failures
        reserved = await reserve_attempt(self._store, keys, counter, self._options)
        stored, lock_set = reserved[1:3] if reserved[0] == "reserved" else ("", "0")
        try:
            fits = await self._passwords.verify(stored, present)
            hashed = await self._passwords.hash(password) if fits else ""
        except BaseException:
            if reserved[0] == "reserved":
                await self._store.run("login_refund", [counter], lock_set)
            raise
        if not fits:
            await self._record(keys, session, "refused" if stored else reserved[0])
            return Changed("refused")
        token = self._keys.new_token(keys)
        answer = await self._store.run_durable(
            "password_change",
            [keys.account, keys.sessions, counter],
            stored,
            hashed,
            session.session_id_hash,
            token_hash(token),
            "1" if device else "0",
            lock_set,
            when=frozenset({"changed"}),
            seconds=self._options.disk_seconds,
        )
        if answer[0] != "changed":
            await self._record(keys, session, "ended meanwhile")
            return Changed("ended")
        await self._record(keys, session, "changed")
        await self._queue.post(Letter("password_set", profile, {"purpose": "change"}))
        return Changed("changed", session_token=token)

    async def _record(self, keys: AccountKeys, session: Session, result: str) -> None:
        await self._audit.record(
            "password.change", account=keys.tag, session=session.session_id_hash[:16], result=result
        )
