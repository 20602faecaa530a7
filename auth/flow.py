"""The credential flow: one machine for the first login and for a forgotten password.

Its steps are atomic scripts in the store; what is known about an account never shows in an answer before the
right PIN was typed. See docs/auth.md for the states.
"""

from dataclasses import dataclass
from typing import Literal

from auth import pins
from auth.address_notices import AddressNotices
from auth.audit import AuditLog
from auth.devices import DeviceMarks
from auth.errors import RefusedRequest
from auth.hashing import Passwords
from auth.keys import AccountKeys, KeyMaker, new_token, token_hash
from auth.mail_queue import NOTHING, MailQueue
from auth.options import AuthOptions
from auth.outbox import Letter
from auth.pace import paced
from auth.password_rules import Rule, broken_personal_rules, broken_public_rules
from auth.ports import AccountDirectory
from auth.profile import Profile
from auth.store import Store, milliseconds

Purpose = Literal["first", "reset"]
State = Literal["IDENTIFIED", "PIN_SENT", "REPICK", "COMMITTED", "DEAD"]
_STATES: tuple[State, ...] = ("IDENTIFIED", "PIN_SENT", "REPICK", "COMMITTED", "DEAD")
_CONFLICT_TRIES = 5


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow as the store has it. Only `state`, `rules_told` and the login may show in a page."""

    state: State
    kind: str = ""
    entry: str = ""
    candidate_version: int = 0
    pin_version: int = 0
    personal: tuple[Rule, ...] = ()
    profile: Profile = Profile()

    @property
    def rules_told(self) -> tuple[Rule, ...]:
        """The personal rules that the first password broke: told once the PIN was right."""
        return self.personal if self.state == "REPICK" else ()


DEAD = Flow("DEAD")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step came to. `retry_after` in seconds, for `locked`; a `slip` is not counted.

    `login` is the flow's where it still waits for its PIN.
    """

    result: Literal["accepted", "broken_rules", "slip", "wrong_pin", "locked", "committed", "dead"]
    rules: tuple[Rule, ...] = ()
    retry_after: int | None = None
    login: str = ""


class Flows:
    """The flows of one purpose. Every method may raise StoreUnavailable."""

    def __init__(
        self,
        purpose: Purpose,
        *,
        store: Store,
        keys: KeyMaker,
        directory: AccountDirectory,
        passwords: Passwords,
        queue: MailQueue,
        notices: AddressNotices,
        audit: AuditLog,
        options: AuthOptions,
    ) -> None:
        self.purpose = purpose
        self._store = store
        self._keys = keys
        self._directory = directory
        self._passwords = passwords
        self._queue = queue
        self._notices = notices
        self._audit = audit
        self._options = options
        self._seal = pins.PinSeal(options.pepper)
        self._devices = DeviceMarks(options.pepper)

    async def start(self, login: str, invitation: str | None, device_cookie: str | None) -> str:
        """Begins a flow and returns its token. Raises DirectoryUnavailable.

        An unknown login gets a flow that looks the same and can never be confirmed.
        """
        async with paced(self._options.answer_step_seconds):
            return await self._start(login, invitation, device_cookie)

    async def _start(self, login: str, invitation: str | None, device_cookie: str | None) -> str:
        options = self._options
        keys = self._keys.of_login(login)
        token = self._keys.new_token(keys)
        fresh_invitation = new_token()
        answer = ["changed"]
        while answer[0] == "changed":  # else a PIN might go to an address that has just been replaced
            (epoch,) = await self._store.values([keys.account], "epoch")
            account = await self._directory.account_by_login(login)
            if account is not None and account.login != login:
                account = None  # two spellings of one login would be two accounts here
            profile = Profile.of(account, login)
            answer = await self._store.run(
                "start",
                [keys.account, keys.flow(self.purpose, token), keys.notice(self.purpose)],
                self.purpose,
                "1" if account else "0",
                token_hash(invitation) if invitation else "",
                profile.to_json(),
                milliseconds(options.flow_seconds),
                token_hash(fresh_invitation),
                milliseconds(options.invitation_seconds),
                milliseconds(options.already_active_mail_seconds),
                milliseconds(options.invitation_mail_seconds),
                "1" if self._devices.known(device_cookie, keys) else "0",
                epoch or "0",
            )
        kind, entry, notice = answer
        mailed = {"notice": notice} if notice else {}
        await self._record("start", keys, token, kind=kind, entry=entry, **mailed)
        if notice == "active":
            letter = Letter("already_active", profile)
        elif notice == "invitation":
            letter = Letter("invitation", profile, {"token": fresh_invitation})
        else:
            letter = NOTHING
        await self._queue.post(letter)
        return token

    async def read(self, token: str | None) -> Flow:
        """The flow behind a token; changes nothing."""
        keys = self._keys.of_token(token)
        if keys is None or token is None:
            return DEAD
        answer = await self._store.run("flow_read", [keys.account, keys.flow(self.purpose, token)])
        state = next(known for known in _STATES if known == answer[0])
        if len(answer) == 1:
            return Flow(state)
        _, kind, entry, candidate_version, pin_version, personal, profile = answer
        return Flow(
            state,
            kind,
            entry,
            int(candidate_version),
            int(pin_version),
            tuple(Rule(rule) for rule in personal.split(",") if rule),
            Profile.from_json(profile),
        )

    def broken_rules(self, flow: Flow, password: str) -> tuple[Rule, ...]:
        """All rules that it breaks and that may be told now; the personal ones only to the owner."""
        broken = broken_public_rules(
            password, login=flow.profile.login, leasing_company=self._options.leasing_company
        )
        told = flow.state == "REPICK" or flow.entry == "invited"
        if told or (flow.kind == "real" and not self._options.tell_personal_rules_after_pin):
            broken += broken_personal_rules(password, flow.profile)
        return broken

    async def choose_password(self, token: str, password: str) -> Outcome:
        """A candidate password: checked, hashed, kept in the flow; a PIN goes out. Raises HashPoolFull.

        In REPICK, where the PIN was right already, it becomes the account's password at once.
        """
        flow = await self.read(token)
        keys = self._keys.of_token(token)
        if flow.state == "COMMITTED":
            return Outcome("committed")
        if flow.state == "DEAD" or keys is None:
            return Outcome("dead")
        broken = self.broken_rules(flow, password)
        if broken:
            return Outcome("broken_rules", broken)
        personal = broken_personal_rules(password, flow.profile)
        hashed = await self._passwords.hash(password)
        if flow.state == "REPICK":
            return await self._commit_repicked(keys, token, flow.profile, hashed)
        return await self._send_candidate(keys, token, flow, hashed, personal)

    async def _send_candidate(
        self, keys: AccountKeys, token: str, flow: Flow, hashed: str, personal: tuple[Rule, ...]
    ) -> Outcome:
        options = self._options
        for _ in range(_CONFLICT_TRIES):
            pin = pins.new_pin()
            answer = await self._store.run(
                "candidate",
                [keys.account, keys.flow(self.purpose, token), keys.pin_mails(flow.entry)],
                flow.candidate_version,
                flow.pin_version,
                hashed,
                ",".join(personal),
                self._mac(pin, token, flow.candidate_version + 1, flow.pin_version + 1),
                milliseconds(options.pin_seconds),
                options.pin_mails_per_hour,
                options.candidates_per_flow,
            )
            if answer[0] == "conflict":
                flow = await self.read(token)
                continue
            if answer[0] == "dead":
                await self._record("candidate", keys, token, result="dead")
                return Outcome("dead")
            await self._record("candidate", keys, token, result="sent", delivered=answer[1])
            await self._post_pin(flow.profile, pin if answer[1] == "1" else "")
            return Outcome("accepted")
        raise RefusedRequest(429, "too_many_requests", retry_after=1)

    async def resend(self, token: str) -> Outcome:
        """A new PIN, as far as the limits allow; the answer is the same when they don't."""
        keys = self._keys.of_token(token)
        if keys is None:
            return Outcome("dead")
        options = self._options
        for _ in range(_CONFLICT_TRIES):
            flow = await self.read(token)
            if flow.state == "COMMITTED":
                return Outcome("committed")
            if flow.state == "DEAD":
                return Outcome("dead")
            if flow.state != "PIN_SENT":
                return Outcome("accepted")
            pin = pins.new_pin()
            answer = await self._store.run(
                "resend",
                [
                    keys.account,
                    keys.flow(self.purpose, token),
                    keys.pin_mails(flow.entry),
                    keys.resends(flow.entry),
                ],
                flow.candidate_version,
                flow.pin_version,
                self._mac(pin, token, flow.candidate_version, flow.pin_version + 1),
                milliseconds(options.pin_seconds),
                milliseconds(options.resend_seconds),
                options.resends_per_flow,
                options.resends_per_hour,
                options.pin_mails_per_hour,
            )
            if answer[0] == "conflict":
                continue
            await self._record("resend", keys, token, result=answer[0])
            await self._post_pin(flow.profile, pin if answer == ["sent", "1"] else "")
            return Outcome("accepted")
        return Outcome("accepted")

    async def confirm(self, token: str, typed: str) -> Outcome:
        """The PIN. Right, it makes the candidate the account's password; the answer waits for the disk."""
        keys = self._keys.of_token(token)
        if keys is None:
            return Outcome("dead")
        pin = pins.typed(typed)
        options = self._options
        for _ in range(_CONFLICT_TRIES):
            flow = await self.read(token)
            if flow.state == "COMMITTED":
                return Outcome("committed")
            if flow.state == "REPICK":
                return Outcome("accepted")
            if flow.state != "PIN_SENT":
                return Outcome("dead")
            if pin is None:
                return Outcome("slip", login=flow.profile.login)  # eight digits it was not, so it is no guess
            answer = await self._store.run_durable(
                "pin_try",
                [
                    keys.account,
                    keys.flow(self.purpose, token),
                    keys.sessions,
                    keys.login_failures,
                    keys.wrong_pins(flow.entry),
                ],
                flow.candidate_version,
                flow.pin_version,
                self._mac(pin, token, flow.candidate_version, flow.pin_version),
                options.pin_tries,
                options.flow_pin_tries,
                options.login_pin_failures_per_day,
                milliseconds(86400),
                milliseconds(options.repick_seconds),
                milliseconds(options.committed_seconds),
                when=frozenset({"committed", "already"}),
                seconds=options.disk_seconds,
            )
            if answer[0] != "conflict":
                return await self._confirmed(answer, keys, token, flow.profile)
        return Outcome("wrong_pin", login=flow.profile.login)

    async def _commit_repicked(self, keys: AccountKeys, token: str, profile: Profile, hashed: str) -> Outcome:
        answer = await self._store.run_durable(
            "repick",
            [keys.account, keys.flow(self.purpose, token), keys.sessions, keys.login_failures],
            hashed,
            milliseconds(self._options.committed_seconds),
            when=frozenset({"committed", "already"}),
            seconds=self._options.disk_seconds,
        )
        return await self._confirmed(answer, keys, token, profile)

    async def _confirmed(self, answer: list[str], keys: AccountKeys, token: str, profile: Profile) -> Outcome:
        result = answer[0]
        await self._record("pin", keys, token, result=result)
        if result == "committed":
            await self._notices.tell(answer[2])
            await self._queue.post(Letter("password_set", profile, {"purpose": self.purpose}))
            return Outcome("committed")
        if result == "already":
            return Outcome("committed")
        if result == "repick":
            return Outcome("accepted")
        if result == "locked":
            return Outcome("locked", retry_after=-(-int(answer[1]) // 1000), login=profile.login)
        return Outcome("wrong_pin" if result == "wrong" else "dead", login=profile.login)

    async def _post_pin(self, profile: Profile, pin: str) -> None:
        """Without a PIN nothing is sent, with the same work."""
        letter = Letter("pin", profile, {"pin": pin}) if pin else NOTHING
        await self._queue.post(letter, seconds=self._options.pin_seconds)

    async def cancel(self, token: str | None) -> None:
        keys = self._keys.of_token(token)
        if keys is None or token is None:
            return
        if await self._store.remove(keys.flow(self.purpose, token)):
            await self._record("cancel", keys, token)

    def _mac(self, pin: str, token: str, candidate_version: int, pin_version: int) -> str:
        return self._seal.mac(
            pin,
            purpose=self.purpose,
            flow=token,
            candidate_version=candidate_version,
            pin_version=pin_version,
        )

    async def _record(self, step: str, keys: AccountKeys, token: str, **fields: str) -> None:
        flow = token_hash(token)[:16]
        await self._audit.record(f"{self.purpose}.{step}", account=keys.tag, flow=flow, **fields)
