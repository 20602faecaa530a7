"""Codes and refresh tokens: opaque references to a family and one of its generations.

A code is generation 0; each redemption moves the family on by one, and only the present generation counts.
The MAC lets an old token be told from a made-up one without keeping the old ones: an old one ends the family,
a made-up one does nothing.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from auth.keys import AccountKeys, derive_key

_SHAPE = re.compile(r"(([0-9a-f]{32})\.([0-9a-f]{32})\.(0|[1-9][0-9]{0,9}))\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Reference:
    """Points at one generation of a family; `family` is 128 random bits."""

    keys: AccountKeys
    family: str
    generation: int

    def next(self) -> "Reference":
        return Reference(self.keys, self.family, self.generation + 1)


class References:
    def __init__(self, pepper: bytes) -> None:
        self._key = derive_key(pepper, "codes and refresh tokens")

    def new(self, keys: AccountKeys) -> Reference:
        return Reference(keys, secrets.token_hex(16), 0)

    def text(self, reference: Reference) -> str:
        named = f"{reference.keys.tag}.{reference.family}.{reference.generation}"
        return f"{named}.{self._mac(named)}"

    def read(self, text: str) -> Reference | None:
        """None for whatever was not made here."""
        found = _SHAPE.fullmatch(text)
        if not found or not hmac.compare_digest(found[5], self._mac(found[1])):
            return None
        return Reference(AccountKeys(found[2]), found[3], int(found[4]))

    def _mac(self, named: str) -> str:
        return urlsafe_b64encode(hmac.digest(self._key, named.encode(), "sha256")).decode().rstrip("=")
