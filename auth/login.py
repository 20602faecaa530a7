"""Login with a password: attempts reserved before hashing, one answer for every kind of failure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from auth.address_notices import AddressNotices
from auth.audit import AuditLog
from auth.devices import DeviceMarks
from auth.hashing import Passwords
from auth.keys import LOGIN, AccountKeys, KeyMaker, token_hash
from auth.options import AuthOptions
from auth.pace import paced
from auth.ports import AccountDirectory, PortalAccount
from auth.profile import Profile
from auth.store import Store, milliseconds


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The values of the session's and the device's cookies."""

    session_token: str
    device_cookie: str


async def reserve_attempt(store: Store, keys: AccountKeys, counter: str, options: AuthOptions) -> list[str]:
    """Counts an attempt as failed before its hash is worked out; see `login_reserve.lua` for the answer."""
    return await store.run(
        "login_reserve",
        [keys.account, counter],
        options.free_login_failures,
        milliseconds(options.login_failures_forgotten_seconds),
        *(milliseconds(seconds) for seconds in options.lock_seconds),
    )


class Logins:
    def __init__(
        self,
        *,
        store: Store,
        keys: KeyMaker,
        directory: AccountDirectory,
        passwords: Passwords,
        notices: AddressNotices,
        audit: AuditLog,
        options: AuthOptions,
    ) -> None:
        self._store = store
        self._keys = keys
        self._directory = directory
        self._passwords = passwords
        self._notices = notices
        self._audit = audit
        self._options = options
        self._devices = DeviceMarks(options.pepper)

    async def try_login(
        self, login: str, password: str, *, device_cookie: str | None, browser: str
    ) -> LoggedIn | None:
        """None for unknown, wrong, locked and inactive alike, after the same work.

        Raises StoreUnavailable, DirectoryUnavailable and HashPoolFull; the attempt then doesn't count.
        """
        options = self._options
        keys = self._keys.of_login(login)
        device = self._devices.known(device_cookie, keys)
        counter = keys.device_failures(device) if device else keys.login_failures
        reserved = await reserve_attempt(self._store, keys, counter, options)
        locked = reserved[0] != "reserved"
        stored, lock_set, epoch = ("", "0", "") if locked else (reserved[1], reserved[2], reserved[3])
        async with self._unless_judged(None if locked else counter, lock_set):
            async with paced(options.answer_step_seconds):
                fits, account = await asyncio.gather(
                    self._passwords.verify(stored, password), self._account(login)
                )
            renewed = ""
            if fits and account is not None and self._passwords.outdated(stored):
                renewed = await self._passwords.hash(password)
        if not fits or account is None:
            await self._record(keys, reserved[0] if locked else "refused")
            return None
        token = self._keys.new_token(keys)
        created = ["moved", epoch]
        while created[0] == "moved":
            if created[1] != epoch:  # rights that ended meanwhile must not come back with this session
                epoch = created[1]
                async with self._unless_judged(counter, lock_set):
                    account = await self._account(login)
            if account is None:
                break
            created = await self._store.run(
                "session_create",
                [keys.account, keys.sessions, counter],
                stored,
                renewed,
                token_hash(token),
                Profile.of(account, login).to_json(),
                options.sessions_per_account,
                milliseconds(options.idle_seconds),
                milliseconds(options.absolute_seconds),
                browser,
                "1" if device else "0",
                lock_set,
                epoch,
            )
        if created[0] != "created":
            await self._record(keys, "changed meanwhile")
            return None
        await self._notices.tell(created[3])
        await self._record(keys, "logged in", session=token_hash(token)[:16])
        for one_too_many in created[4:]:
            await self._audit.record(
                "session.end", account=keys.tag, session=one_too_many[:16], result="too many"
            )
        return LoggedIn(token, self._devices.cookie(keys, device))

    @asynccontextmanager
    async def _unless_judged(self, counter: str | None, lock_set: str) -> AsyncIterator[None]:
        """Gives a reserved attempt back when the block fails."""
        try:
            yield
        except BaseException:
            if counter is not None:
                await self._store.run("login_refund", [counter], lock_set)
            raise

    async def _account(self, login: str) -> PortalAccount | None:
        if not LOGIN.fullmatch(login):
            return None
        account = await self._directory.account_by_login(login)
        return account if account is not None and account.login == login else None

    async def _record(self, keys: AccountKeys, result: str, **fields: str) -> None:
        await self._audit.record("login", account=keys.tag, result=result, **fields)
