"""Families: all tokens that came from one authorization. They live and die together."""

import json
from dataclasses import asdict, dataclass

from auth.address_notices import AddressNotices
from auth.audit import AuditLog
from auth.keys import KeyMaker
from auth.options import AuthOptions
from auth.ports import AccountDirectory
from auth.profile import Profile
from auth.sessions import Session
from auth.store import Store, milliseconds
from auth.tokens.references import Reference, References


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What the client asked for, as far as it is needed again. `code_challenge` is by S256, or empty."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str


@dataclass(frozen=True, slots=True)
class Family:
    """A living family as seen from one of its tokens. `auth_time` in seconds since 1970."""

    reference: Reference
    request: AuthorizationRequest
    session_id_hash: str
    epoch: int
    auth_time: int
    offline: bool
    profile: Profile


class Families:
    """Every method may raise StoreUnavailable."""

    def __init__(
        self,
        *,
        store: Store,
        keys: KeyMaker,
        references: References,
        directory: AccountDirectory,
        notices: AddressNotices,
        audit: AuditLog,
        options: AuthOptions,
    ) -> None:
        self._store = store
        self._keys = keys
        self._references = references
        self._directory = directory
        self._notices = notices
        self._audit = audit
        self._options = options
        self._times = (
            milliseconds(options.idle_seconds),
            milliseconds(options.absolute_seconds),
            milliseconds(options.touch_seconds),
        )

    async def start(self, session: Session, request: AuthorizationRequest) -> str | None:
        """A new family's code, or None when the session has ended meanwhile."""
        keys = self._keys.of_login(session.login)
        reference = self._references.new(keys)
        answer = await self._store.run(
            "family_start",
            [keys.account, keys.sessions, keys.family(reference.family)],
            session.session_id_hash,
            *self._times,
            request.client_id,
            "1" if "offline_access" in request.scope.split() else "0",
            json.dumps(asdict(request)),
            milliseconds(self._options.code_seconds),
        )
        if answer[0] != "started":
            return None
        await self._audit.record("authorization", account=keys.tag, client_id=request.client_id)
        return self._references.text(reference)

    async def read(self, token: str, client_id: str, *, replay_kills: bool = True) -> Family | None:
        """The family of a code or refresh token that this client may still use; a used one ends it."""
        reference = self._references.read(token)
        if reference is None:
            return None
        answer = await self._run("family_read", reference, client_id, "1" if replay_kills else "0")
        if answer[0] == "reused" and replay_kills:
            await self._note_reuse(reference, client_id)
        if answer[0] != "alive":
            return None
        _, session, epoch, offline, request, auth_time, profile = answer
        return Family(
            reference,
            AuthorizationRequest(**json.loads(request)),
            session,
            int(epoch),
            int(auth_time),
            offline == "1",
            Profile.from_json(profile),
        )

    async def redeem(self, family: Family) -> bool:
        """Uses up the token that the family was read by; of many at once only one gets True.

        Without a session that would end some day, the account itself is asked for anew; another mail address
        ends all that the account has open.
        Raises DirectoryUnavailable.
        """
        reference, client_id = family.reference, family.request.client_id
        profile = ""
        if family.offline and reference.generation:
            account = await self._directory.account_by_login(family.profile.login)
            if account is None:
                await self.end(reference, client_id)
                return False
            profile = Profile.of(account, family.profile.login).to_json()
        answer = await self._run(
            "family_redeem", reference, client_id, milliseconds(self._options.offline_seconds), profile
        )
        if answer[0] == "reused":
            await self._note_reuse(reference, client_id)
        elif answer[0] == "moved":
            await self._notices.tell(answer[1])
            await self._audit.record("account.changed", account=reference.keys.tag, result="ended")
        return answer[0] == "redeemed"

    async def end(self, reference: Reference, client_id: str) -> None:
        """Ends every token of the client's family now."""
        answer = await self._store.run("family_end", [reference.keys.family(reference.family)], client_id)
        if answer[0] == "ended":
            await self._audit.record("tokens.end", account=reference.keys.tag, client_id=client_id)

    async def _run(self, script: str, reference: Reference, client_id: str, *args: str | int) -> list[str]:
        keys = reference.keys
        return await self._store.run(
            script,
            [keys.account, keys.sessions, keys.family(reference.family)],
            client_id,
            reference.generation,
            *self._times,
            *args,
        )

    async def _note_reuse(self, reference: Reference, client_id: str) -> None:
        what = "refresh token" if reference.generation else "code"
        await self._audit.record("tokens.reuse", account=reference.keys.tag, client_id=client_id, result=what)
