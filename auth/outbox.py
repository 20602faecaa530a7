"""Credential mails that were promised and are not yet with the mail server, kept in the store.

A killed gateway's are sent by the next one, or by another on the same store. They hold PINs and invitations:
they are encrypted with a key derived from the pepper, all to one length, and go when their secret is void.
"""

import base64
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auth.keys import derive_key
from auth.profile import Profile
from auth.store import Store, milliseconds

logger = logging.getLogger(__name__)

MAILS = "{outbox}:mails"
DUE = "{outbox}:due"
KEPT = "{outbox}:kept"
_LENGTH = 2048
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to compose: the name of a method of Mails, and what it is given.

    Without a name there is nothing to send; it is kept like any other, so that its work tells nobody which.
    """

    kind: str = ""
    profile: Profile = Profile()
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


class Backlog(NamedTuple):
    """How many mails there are, and the seconds since the oldest was promised; 0 where there is none."""

    mails: int
    oldest: float


class Outbox:
    """Every method may raise StoreUnavailable."""

    def __init__(self, store: Store, pepper: bytes, lease_seconds: float) -> None:
        self._store = store
        self._lease = milliseconds(lease_seconds)
        self._warned = False
        self._cipher = AESGCM(derive_key(pepper, "outbox"))

    async def keep(self, letter: Letter, seconds: float) -> str:
        """Its id; whoever kept it has it for the time of a lease. After `seconds` it is void."""
        mail_id = secrets.token_hex(8)
        await self._store.run(
            "outbox_keep",
            [MAILS, DUE, KEPT],
            mail_id,
            self._sealed(mail_id, letter),
            milliseconds(seconds),
            self._lease,
        )
        return mail_id

    async def take(self) -> tuple[list[tuple[str, Letter]], int]:
        """Those whose lease is over, now ours for another; and how many were void and are gone.

        What was not sealed with our secret stays till it is void: another gateway may have sealed it.
        """
        void, *found = await self._store.run("outbox_take", [MAILS, DUE, KEPT], self._lease, 20)
        letters = []
        for mail_id, sealed in zip(found[::2], found[1::2], strict=True):
            try:
                letters.append((mail_id, self._opened(mail_id, sealed)))
            except (InvalidTag, ValueError):
                if not self._warned:
                    self._warned = True
                    logger.error(
                        "mails in the store can't be read: is this the secret that they were sealed with?"
                    )
        return letters, int(void)

    async def hold(self, mail_id: str) -> None:
        """For another lease."""
        await self._store.run("outbox_hold", [DUE], mail_id, self._lease)

    async def remove(self, mail_id: str) -> None:
        await self._store.run("outbox_remove", [MAILS, DUE, KEPT], mail_id)

    async def backlog(self) -> Backlog:
        """What all gateways on the store have promised."""
        mails, oldest = await self._store.run("outbox_backlog", [MAILS, KEPT])
        return Backlog(int(mails), int(oldest) / 1000)

    def _sealed(self, mail_id: str, letter: Letter) -> str:
        text = json.dumps(asdict(letter)).ljust(_LENGTH).encode()
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text, mail_id.encode())).decode()

    def _opened(self, mail_id: str, sealed: str) -> Letter:
        data = base64.b64decode(sealed)
        held = json.loads(self._cipher.decrypt(data[:_NONCE], data[_NONCE:], mail_id.encode()))
        return Letter(held["kind"], Profile.from_json(json.dumps(held["profile"])), held["values"])
