"""The RSA keys that sign tokens: in the store, encrypted, so that all gateways on it share them.

Each key is published before it signs and after: `next` → `active` → `retired`. Exactly one is active,
and a rotation makes the key active that relying parties have had in the JWKS since the rotation before.
"""

import asyncio
import json
import logging
import time
from dataclasses import dataclass, replace
from typing import Any, Literal

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey, RSAKey

from auth.audit import AuditLog
from auth.errors import StoreUnavailable
from auth.keys import derive_key
from auth.options import AuthOptions
from auth.store import Store

logger = logging.getLogger(__name__)

STORED_AT = "auth:signing-keys"
ALGORITHM = "RS256"
_BITS = 2048
_TRIES = 5

State = Literal["next", "active", "retired"]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`since`: when it came into its state, in seconds since 1970."""

    key: RSAKey
    state: State
    since: float


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`signer` holds the active key alone: from a set of several, joserfc would sign with a random one."""

    signer: KeySet
    verifiers: KeySet
    jwks: dict[str, Any]

    @classmethod
    def of(cls, keys: list[SigningKey]) -> "KeyRing":
        (active,) = (each.key for each in keys if each.state == "active")
        verifiers = KeySet([each.key for each in keys])
        return cls(KeySet([active]), verifiers, dict(verifiers.as_dict(private=False)))


def _new_key(state: State, now: float) -> SigningKey:
    parameters: dict[str, Any] = {"use": "sig", "alg": ALGORITHM}
    key = RSAKey.generate_key(_BITS, parameters, private=True, auto_kid=True)  # type: ignore[arg-type]
    return SigningKey(key, state, now)


class SigningKeys:
    """Every method may raise StoreUnavailable, also for keys that this installation's secret can't open."""

    def __init__(self, store: Store, audit: AuditLog, options: AuthOptions) -> None:
        self._store = store
        self._audit = audit
        self._wrapping = OctKey.import_key(derive_key(options.pepper, "signing keys"))
        self._retired_seconds = options.retired_key_seconds
        self._reading_seconds = options.key_reading_seconds
        self._ring: KeyRing | None = None
        self._last: tuple[str, list[SigningKey]] = ("", [])
        self._read_at = 0.0

    async def ring(self) -> KeyRing:
        """The keys as of some seconds ago; made when there are none yet."""
        if self._ring is None or time.monotonic() >= self._read_at + self._reading_seconds:
            text = await self._store.text(STORED_AT)
            if not text:
                text = await self._replace("", await _first_keys())
            self._ring = KeyRing.of(await asyncio.to_thread(self._living, text))
            self._read_at = time.monotonic()
        return self._ring

    async def rotate(self, *, leaked: bool = False) -> str:
        """Makes the next key the active one, and a new next one. Returns the id of the key that signs now.

        Tokens signed before stay good: their key stays published for `retired_key_seconds`, longer than any
        of them lives. `leaked` puts new keys in the place of all, at the cost of every token signed before.
        """
        await self.ring()
        for _ in range(_TRIES):
            text = await self._store.text(STORED_AT)
            if leaked:
                keys = await _first_keys()
            else:
                now = time.time()
                keys = [_moved(each, now) for each in await asyncio.to_thread(self._living, text)]
                keys.append(await asyncio.to_thread(_new_key, "next", now))
            wanted = self._sealed(keys)
            if (await self._store.run("compare_set", [STORED_AT], text, wanted))[0] == "set":
                self._ring = KeyRing.of(keys)
                (active,) = self._ring.signer.keys
                await self._audit.record(
                    "keys.rotate", key=str(active.kid), result="leaked" if leaked else ""
                )
                return str(active.kid)
        raise StoreUnavailable("the signing keys were changed by others again and again")

    def _living(self, text: str) -> list[SigningKey]:
        """Without those that were retired long ago."""
        gone = time.time() - self._retired_seconds
        return [each for each in self._opened(text) if each.state != "retired" or each.since > gone]

    async def _replace(self, text: str, keys: list[SigningKey]) -> str:
        """What the store holds afterwards: ours, or what another gateway was quicker to set."""
        return (await self._store.run("compare_set", [STORED_AT], text, self._sealed(keys)))[1]

    def _sealed(self, keys: list[SigningKey]) -> str:
        """Private keys leave the process as JWE (RFC 7516) only: `dir`, A256GCM."""
        header = {"alg": "dir", "enc": "A256GCM"}
        entries = [
            {
                "key": jwe.encrypt_compact(
                    header, json.dumps(each.key.as_dict(private=True)), self._wrapping
                ),
                "state": each.state,
                "since": each.since,
            }
            for each in keys
        ]
        return json.dumps(entries)

    def _opened(self, text: str) -> list[SigningKey]:
        if text == self._last[0]:  # reading a private key checks its primes, which takes a while
            return self._last[1]
        try:
            keys = [
                SigningKey(
                    RSAKey.import_key(
                        json.loads(jwe.decrypt_compact(each["key"], self._wrapping).plaintext or b"")
                    ),
                    each["state"],
                    each["since"],
                )
                for each in json.loads(text)
            ]
        except (JoseError, ValueError) as error:
            logger.error(
                "the signing keys in the store can't be read: is this the secret that they were made with?"
            )
            raise StoreUnavailable("unreadable signing keys") from error
        self._last = (text, keys)
        return keys


async def _first_keys() -> list[SigningKey]:
    now = time.time()
    return await asyncio.to_thread(lambda: [_new_key("active", now), _new_key("next", now)])


def _moved(key: SigningKey, now: float) -> SigningKey:
    states: dict[State, State] = {"next": "active", "active": "retired", "retired": "retired"}
    return replace(key, state=states[key.state], since=key.since if key.state == "retired" else now)
