"""The mail that invites a client to the first login."""

import secrets
from typing import Literal

from auth.address_notices import AddressNotices
from auth.audit import AuditLog
from auth.errors import MailUnavailable, TooManyInvitations
from auth.keys import LOGIN, KeyMaker, new_token, token_hash
from auth.mail_queue import NOTHING, MailQueue
from auth.mails import Mails
from auth.options import AuthOptions
from auth.outbox import Letter
from auth.ports import AccountDirectory
from auth.profile import Profile
from auth.store import Store, milliseconds

Invited = Literal["sent", "earlier", "active", "locked", "unknown"]
_NOT_SENT: tuple[Invited, ...] = ("earlier", "active", "locked")


class Invitations:
    def __init__(
        self,
        *,
        store: Store,
        keys: KeyMaker,
        directory: AccountDirectory,
        mails: Mails,
        queue: MailQueue,
        notices: AddressNotices,
        audit: AuditLog,
        options: AuthOptions,
    ) -> None:
        self._store = store
        self._keys = keys
        self._directory = directory
        self._mails = mails
        self._queue = queue
        self._notices = notices
        self._audit = audit
        self._options = options

    async def invite(self, login: str) -> bool:
        """Mails a fresh invitation; only the newest one counts. False when unknown, active or locked.

        Raises StoreUnavailable, DirectoryUnavailable and TooManyInvitations.
        """
        result, letter, _ = await self._prepare(login, again=True)
        await self._queue.post(letter)
        return result == "sent"

    async def deliver(self, login: str, *, again: bool) -> Invited:
        """As `invite`, and waits until the mail server has the mail. Raises MailUnavailable, too.

        `again=False` leaves alone whoever has an invitation that was delivered and still works: `earlier`.
        """
        result, letter, hashed = await self._prepare(login, again=again)
        if letter.kind:
            keys = self._keys.of_login(login)
            try:
                await self._queue.deliver(self._mails.composed(letter), secrets.token_hex(8))
            except MailUnavailable:
                await self._audit.record("invite", account=keys.tag, result="undelivered")
                raise
            await self._store.run("invitation_delivered", [keys.account], hashed)
        return result

    async def _prepare(self, login: str, *, again: bool) -> tuple[Invited, Letter, str]:
        """The result, if the mail goes well; what to send; the invitation's hash."""
        if not LOGIN.fullmatch(login):
            return "unknown", NOTHING, ""
        keys = self._keys.of_login(login)
        answer = ["changed"]
        while answer[0] == "changed":  # else the mail might go to an address that has just been replaced
            (epoch,) = await self._store.values([keys.account], "epoch")
            account = await self._directory.account_by_login(login)
            if account is None or account.login != login:
                return "unknown", NOTHING, ""
            profile, token = Profile.of(account, login), new_token()
            answer = await self._store.run(
                "invite",
                [keys.account, keys.sessions, keys.invitations],
                token_hash(token),
                milliseconds(self._options.invitation_seconds),
                profile.to_json(),
                epoch or "0",
                self._options.invitations_per_hour,
                "0" if again else "1",
            )
        await self._audit.record("invite", account=keys.tag, result=answer[0])
        if answer[0] == "limited":
            raise TooManyInvitations
        if answer[0] != "invited":
            return next(known for known in _NOT_SENT if known == answer[0]), NOTHING, ""
        await self._notices.tell(answer[1])
        return "sent", Letter("invitation", profile, {"token": token}), token_hash(token)
