"""Kept answers in the store: whoever reads it reads none of them, and whoever writes to it makes up none."""

import os
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connectors.caching.entry import HEAD

_NONCE = 12


class Sealing:
    """AES-256-GCM, with a key of its own for each name. The head stays readable, but nobody can change it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def seal(self, name: str, entry: bytes) -> bytes:
        """The entry as it is stored."""
        nonce = os.urandom(_NONCE)
        return entry[:HEAD] + nonce + self._cipher(name).encrypt(nonce, entry[HEAD:], entry[:HEAD])

    def opened(self, name: str, stored: bytes) -> bytes | None:
        """The entry; None for what was not sealed under this name."""
        head, nonce, sealed = stored[:HEAD], stored[HEAD : HEAD + _NONCE], stored[HEAD + _NONCE :]
        try:
            return head + self._cipher(name).decrypt(nonce, sealed, head)
        except (InvalidTag, ValueError):
            return None

    def _cipher(self, name: str) -> AESGCM:
        return AESGCM(blake2b(name.encode(), key=self._secret, digest_size=32).digest())
