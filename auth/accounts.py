"""What the store keeps of accounts while the directory's change; when their users last logged in."""

from collections.abc import Sequence
from datetime import UTC, datetime

from auth.address_notices import AddressNotices
from auth.audit import AuditLog
from auth.keys import KeyMaker
from auth.ports import PortalAccount
from auth.profile import Profile
from auth.store import Store


class Accounts:
    """Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, keys: KeyMaker, notices: AddressNotices, audit: AuditLog) -> None:
        self._store = store
        self._keys = keys
        self._notices = notices
        self._audit = audit

    async def changed(self, login: str, account: PortalAccount | None) -> None:
        """Ends what no longer holds, once for each change however often it is told.

        Other rights end the sessions and flows, a deactivation (None) the invitation too. So does another
        mail address, of which the former one gets a notice. Another name only shows.
        """
        keys = self._keys.of_login(login)
        profile = Profile.of(account, login).to_json() if account is not None else ""
        result, before = await self._store.run("account_changed", [keys.account, keys.sessions], profile)
        await self._notices.tell(before)
        if result != "same":
            await self._audit.record("account.changed", account=keys.tag, result=result)

    async def last_logins(self, logins: Sequence[str]) -> list[datetime | None]:
        """When each last logged in (UTC), in one round trip; None for never."""
        keys = [self._keys.of_login(login).account for login in logins]
        found = await self._store.values(keys, "logged_in")
        return [None if ms is None else datetime.fromtimestamp(int(ms) / 1000, UTC) for ms in found]
