"""What may be searched for: a term that can find nothing, or would find nearly all, is the caller's error."""

import re
from collections.abc import Callable

from resolvers.errors import InputError

SHORTEST, LONGEST = 3, 40
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_KSEF = re.compile(r"\d{10}-\d{8}-[0-9A-F]{12}-[0-9A-F]{2}", re.ASCII)
_REGISTRATION = re.compile(r"[A-Z0-9]{4,8}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_NUMBER = re.compile(r"\S.{0,58}\S")


def part(argument: str, value: str | None) -> str | None:
    """A part of a name or number: 3 to 40 characters, spaces around it left out."""
    if value is None:
        return None
    term = value.strip()
    if not SHORTEST <= len(term) <= LONGEST:
        rule = f"must hold {SHORTEST} to {LONGEST} characters, spaces around them left out"
        raise InputError(argument, f"{rule}; it holds {len(term)}")
    return term


def number(argument: str, value: str | None) -> str | None:
    """A whole number of a contract or invoice."""
    return _matching(_NUMBER, argument, value, "must hold 2 to 60 characters in one line", str.strip)


def digits(argument: str, value: str | None, *lengths: int) -> str | None:
    """A register number: digits only, of one of these lengths; spaces and dashes are left out."""
    if value is None:
        return None
    term = _compact(value).replace("-", "")
    if not _DIGITS.fullmatch(term) or len(term) not in lengths:
        known = f"{lengths[0]} to {lengths[-1]}" if len(lengths) > 2 else " or ".join(map(str, lengths))
        raise InputError(argument, f"must hold {known} digits")
    return term


def email(argument: str, value: str | None) -> str | None:
    """A whole address, in lower case."""
    return _matching(_EMAIL, argument, value, "must be a whole e-mail address", _folded)


def vin(argument: str, value: str | None) -> str | None:
    """A VIN by ISO 3779; its check digit is not enforced in Europe."""
    return _matching(
        _VIN, argument, value, "must be a VIN: 17 letters and digits without I, O and Q", _compact
    )


def registration(argument: str, value: str | None) -> str | None:
    """A registration number, with or without its space."""
    return _matching(_REGISTRATION, argument, value, "must be 4 to 8 letters and digits", _compact)


def ksef(argument: str, value: str | None) -> str | None:
    """A number of KSeF as it gives them: NIP, day, 12 and 2 hexadecimal digits."""
    rule = "must be a KSeF number: NIP-YYYYMMDD-12 and 2 hexadecimal digits, 35 characters"
    return _matching(_KSEF, argument, value, rule, str.strip)


def _folded(value: str) -> str:
    return value.strip().lower()


def _compact(value: str) -> str:
    return "".join(value.split()).upper()


def _matching(
    shape: re.Pattern[str], argument: str, value: str | None, rule: str, clean: Callable[[str], str]
) -> str | None:
    if value is None:
        return None
    term = clean(value)
    if not shape.fullmatch(term):
        raise InputError(argument, rule)
    return term
