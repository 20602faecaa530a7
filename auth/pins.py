"""The PIN that confirms a password: made, shown, read back and checked."""

import hmac
import re
import secrets
import unicodedata

from auth.keys import derive_key

DIGITS = 8


def new_pin() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def shown(pin: str) -> str:
    """`12345678` as `1234 5678`."""
    return f"{pin[:4]} {pin[4:]}"


def typed(text: str) -> str | None:
    """The eight digits that were typed, with or without spaces or a hyphen, or None."""
    digits = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    return digits if re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits) else None


class PinSeal:
    """Binds a PIN to its purpose, flow, candidate password and PIN version, with a key not in the store."""

    def __init__(self, pepper: bytes) -> None:
        self._key = derive_key(pepper, "pin")

    def mac(self, pin: str, *, purpose: str, flow: str, candidate_version: int, pin_version: int) -> str:
        message = "\0".join((purpose, flow, str(candidate_version), str(pin_version), pin))
        return hmac.digest(self._key, message.encode(), "sha256").hex()
