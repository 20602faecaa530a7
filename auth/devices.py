"""A cookie that marks a browser in which this account once logged in (OWASP, "device cookies").

Its failures have a counter of their own, so that a stranger's guesses don't lock the owner out.
"""

import hmac
import re

from auth.keys import AccountKeys, derive_key, new_token

_SHAPE = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9a-f]{64})")


class DeviceMarks:
    def __init__(self, pepper: bytes) -> None:
        self._key = derive_key(pepper, "device")

    def _mac(self, keys: AccountKeys, device: str) -> str:
        return hmac.digest(self._key, f"{keys.tag}.{device}".encode(), "sha256").hex()

    def known(self, cookie: str | None, keys: AccountKeys) -> str | None:
        """The device's id when the cookie was made by us for this very account."""
        found = _SHAPE.fullmatch(cookie or "")
        if not found or not hmac.compare_digest(found[2], self._mac(keys, found[1])):
            return None
        return found[1]

    def cookie(self, keys: AccountKeys, device: str | None) -> str:
        device = device or new_token()
        return f"{device}.{self._mac(keys, device)}"
