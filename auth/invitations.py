"""The mail that invites a client to the first login."""

from auth.address_notices import AddressNotices
from auth.audit import AuditLog
from auth.errors import TooManyInvitations
from auth.keys import LOGIN, KeyMaker, new_token, token_hash
from auth.mail_queue import MailQueue
from auth.mails import Mails
from auth.options import AuthOptions
from auth.ports import AccountDirectory
from auth.profile import Profile
from auth.store import Store, milliseconds


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
        """Mails a fresh invitation; only the newest one counts. False when unknown or already active.

        Raises StoreUnavailable, DirectoryUnavailable and TooManyInvitations.
        """
        if not LOGIN.fullmatch(login):
            return False
        keys = self._keys.of_login(login)
        answer = ["changed"]
        while answer[0] == "changed":  # else the mail might go to an address that has just been replaced
            (epoch,) = await self._store.values([keys.account], "epoch")
            account = await self._directory.account_by_login(login)
            if account is None or account.login != login:
                return False
            profile, token = Profile.of(account, login), new_token()
            answer = await self._store.run(
                "invite",
                [keys.account, keys.sessions, keys.invitations],
                token_hash(token),
                milliseconds(self._options.invitation_seconds),
                profile.to_json(),
                epoch or "0",
                self._options.invitations_per_hour,
            )
        await self._audit.record("invite", account=keys.tag, result=answer[0])
        if answer[0] == "limited":
            raise TooManyInvitations
        if answer[0] != "invited":
            return False
        self._notices.tell(answer[1])
        self._queue.post(lambda: self._mails.invitation(profile, token))
        return True
