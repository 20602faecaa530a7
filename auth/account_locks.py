"""What an operator does with one account: look at it, lock it, unlock it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from auth.audit import AuditLog
from auth.keys import KeyMaker
from auth.options import AuthOptions
from auth.store import Store, milliseconds

_ENTRIES = ("invited", "known", "anonymous")


@dataclass(frozen=True, slots=True)
class AccountState:
    """As the store has it; times in UTC, None where there is none. `failures`: those of unknown browsers."""

    active: bool
    password_set: datetime | None
    locked: datetime | None
    invited_until: datetime | None
    failures: int
    failures_lock_until: datetime | None
    sessions: int


@dataclass(frozen=True, slots=True)
class Locked:
    """`already`: it was locked before. `sessions` counts those that ended now."""

    already: bool
    sessions: int


class AccountLocks:
    """By login, whether or not the directory knows it: a lock must not wait for the back office.

    Every method may raise StoreUnavailable.
    """

    def __init__(self, store: Store, keys: KeyMaker, audit: AuditLog, options: AuthOptions) -> None:
        self._store = store
        self._keys = keys
        self._audit = audit
        self._options = options

    async def read(self, login: str) -> AccountState:
        keys = self._keys.of_login(login)
        active, *times, failures, until, sessions = await self._store.run(
            "account_read",
            [keys.account, keys.login_failures, keys.sessions],
            milliseconds(self._options.idle_seconds),
            milliseconds(self._options.absolute_seconds),
        )
        password_set, locked, invited_until = (_moment(time) for time in times)
        return AccountState(
            active == "1", password_set, locked, invited_until, int(failures), _moment(until), int(sessions)
        )

    async def lock(self, login: str) -> Locked:
        """No login, no flow, and every session and token ends now; to the outside as a wrong password.

        On disk when it returns.
        """
        keys = self._keys.of_login(login)
        answer = await self._store.run_durable(
            "account_lock",
            [keys.account, keys.sessions],
            when=frozenset({"locked", "already"}),
            seconds=self._options.disk_seconds,
        )
        await self._audit.record("account.lock", account=keys.tag, result=answer[0])
        return Locked(answer[0] == "already", int(answer[1]))

    async def unlock(self, login: str) -> bool:
        """The old password works again, and failures are forgotten, those of every browser and of PINs.

        False when the operator had not locked it; the failures go then too.
        """
        keys = self._keys.of_login(login)
        answer = await self._store.run_durable(
            "account_unlock",
            [keys.account, *(keys.wrong_pins(entry) for entry in _ENTRIES)],
            when=frozenset({"unlocked", "open"}),
            seconds=self._options.disk_seconds,
        )
        await self._audit.record("account.unlock", account=keys.tag, result=answer[0])
        return answer[0] == "unlocked"


def _moment(milliseconds_text: str) -> datetime | None:
    time = int(milliseconds_text)
    return datetime.fromtimestamp(time / 1000, UTC) if time else None
