"""What the portal tells everybody: where it is, and how an account gets its password.

The facts are those of `auth`, which this package does not know; the gateway copies them once, at its start.
"""

from dataclasses import dataclass
from enum import StrEnum


class FirstLoginStep(StrEnum):
    """The steps to a first password, in order (FAQ 3)."""

    LOGIN_NUMBER = "LOGIN_NUMBER"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a step
    PIN = "PIN"


class CharacterClass(StrEnum):
    """Signs of which a password needs one."""

    CAPITAL_LETTER = "CAPITAL_LETTER"
    DIGIT = "DIGIT"
    SPECIAL_CHARACTER = "SPECIAL_CHARACTER"


class ForbiddenText(StrEnum):
    """What may not be within a password."""

    LOGIN = "LOGIN"
    COMPANY_NAME = "COMPANY_NAME"
    FIRST_NAME = "FIRST_NAME"
    SURNAME = "SURNAME"
    LEASING_COMPANY_NAME = "LEASING_COMPANY_NAME"
    COMMON_PASSWORD = "COMMON_PASSWORD"  # noqa: S105 - what is refused


class PinRecipient(StrEnum):
    """Where a PIN goes."""

    EINVOICE_EMAIL = "EINVOICE_EMAIL"


@dataclass(frozen=True, slots=True)
class PasswordCharacter:
    """A class of signs; `pattern` is an ECMAScript regular expression that finds one, with the flag `u`."""

    kind: CharacterClass
    pattern: str


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """Lengths are in code points after NFKC."""

    min_length: int
    max_length: int
    must_contain: tuple[PasswordCharacter, ...]
    must_not_contain: tuple[ForbiddenText, ...]


@dataclass(frozen=True, slots=True)
class PinTerms:
    """How the PIN that confirms a password comes, and how long it is good."""

    digits: int
    lifetime_seconds: int
    tries: int
    resend_after_seconds: int
    sent_to: PinRecipient = PinRecipient.EINVOICE_EMAIL


@dataclass(frozen=True, slots=True)
class Portal:
    """The same for everybody who asks. The URLs are absolute, from the configured origin."""

    leasing_company: str
    login_url: str
    first_login_url: str
    reset_password_url: str
    password_rules: PasswordRules
    pin: PinTerms
    first_login_steps: tuple[FirstLoginStep, ...] = tuple(FirstLoginStep)
