"""The portal's rules for passwords.

From the portal's FAQ: 8 to 24 characters, a capital letter, a digit, a special character; not containing the
login, the company's name, or the user's first name or surname. Beyond it only the short refuse-list.
"""

import unicodedata
from enum import StrEnum

from auth.folding import FoldedPassword, letters_and_digits
from auth.names import company_name_parts, personal_name_parts
from auth.ports import PortalAccount
from auth.refused_passwords import is_refused

MIN_LENGTH = 8
MAX_LENGTH = 24


class Rule(StrEnum):
    """A broken rule; the value is the key of its message."""

    TOO_SHORT = "rule_too_short"
    TOO_LONG = "rule_too_long"
    NO_CAPITAL = "rule_no_capital"
    NO_DIGIT = "rule_no_digit"
    NO_SPECIAL = "rule_no_special"
    HAS_LOGIN = "rule_has_login"
    HAS_LEASING_COMPANY = "rule_has_leasing_company"
    TOO_COMMON = "rule_too_common"
    HAS_COMPANY = "rule_has_company"
    HAS_FIRST_NAME = "rule_has_first_name"
    HAS_SURNAME = "rule_has_surname"


# For whoever ticks these rules while a password is typed: patterns of ECMAScript, with its flag `u`.
PATTERNS = {
    Rule.NO_CAPITAL: r"\p{Uppercase}",
    Rule.NO_DIGIT: "[0-9]",
    Rule.NO_SPECIAL: r"[\p{P}\p{S} ]",
}


def _special(sign: str) -> bool:
    """Printable, neither letter nor digit: punctuation, symbols, the space."""
    return unicodedata.category(sign)[0] in "PS" or sign == " "


def broken_public_rules(password: str, *, login: str, leasing_company: str) -> tuple[Rule, ...]:
    """The rules that need nothing but what the visitor typed; length in code points after NFKC."""
    normal = unicodedata.normalize("NFKC", password)
    folded = FoldedPassword(password)
    # the login consists of digits, which leet would turn into letters
    has_login = folded.contains(login, leet_from=len(login) + 1)
    checks = (
        (Rule.TOO_SHORT, len(normal) < MIN_LENGTH),
        (Rule.TOO_LONG, len(normal) > MAX_LENGTH),
        (Rule.NO_CAPITAL, not any(sign.isupper() for sign in normal)),
        (Rule.NO_DIGIT, not any(sign in "0123456789" for sign in normal)),
        (Rule.NO_SPECIAL, not any(_special(sign) for sign in normal)),
        (Rule.HAS_LOGIN, has_login),
        (
            Rule.HAS_LEASING_COMPANY,
            any(folded.contains(part) for part in company_name_parts(leasing_company)),
        ),
        (Rule.TOO_COMMON, is_refused(password)),
    )
    return tuple(rule for rule, broken in checks if broken)


def broken_personal_rules(password: str, account: PortalAccount) -> tuple[Rule, ...]:
    """The rules whose answer tells something about the account's owner."""
    folded = FoldedPassword(password)

    def has_any(parts: frozenset[str]) -> bool:
        return any(folded.contains(part) for part in parts if letters_and_digits(part))

    checks = (
        (Rule.HAS_COMPANY, has_any(company_name_parts(account.company_name))),
        (Rule.HAS_FIRST_NAME, has_any(personal_name_parts(account.first_name))),
        (Rule.HAS_SURNAME, has_any(personal_name_parts(account.surname))),
    )
    return tuple(rule for rule, broken in checks if broken)
