"""What the graph tells everybody of the portal: auth's own rules and figures, in the graph's words."""

from auth import pins
from auth.options import AuthOptions
from auth.password_rules import MAX_LENGTH, MIN_LENGTH, PATTERNS, Rule
from resolvers.portal import CharacterClass, ForbiddenText, PasswordCharacter, PasswordRules, PinTerms, Portal

NEEDED = {
    Rule.NO_CAPITAL: CharacterClass.CAPITAL_LETTER,
    Rule.NO_DIGIT: CharacterClass.DIGIT,
    Rule.NO_SPECIAL: CharacterClass.SPECIAL_CHARACTER,
}
FORBIDDEN = {
    Rule.HAS_LOGIN: ForbiddenText.LOGIN,
    Rule.HAS_COMPANY: ForbiddenText.COMPANY_NAME,
    Rule.HAS_FIRST_NAME: ForbiddenText.FIRST_NAME,
    Rule.HAS_SURNAME: ForbiddenText.SURNAME,
    Rule.HAS_LEASING_COMPANY: ForbiddenText.LEASING_COMPANY_NAME,
    Rule.TOO_COMMON: ForbiddenText.COMMON_PASSWORD,
}


def portal(options: AuthOptions) -> Portal:
    """As auth was told to be."""
    return Portal(
        leasing_company=options.leasing_company,
        login_url=options.link("/login"),
        first_login_url=options.link("/first-login"),
        reset_password_url=options.link("/reset-password"),
        password_rules=PasswordRules(
            MIN_LENGTH,
            MAX_LENGTH,
            tuple(PasswordCharacter(kind, PATTERNS[rule]) for rule, kind in NEEDED.items()),
            tuple(FORBIDDEN.values()),
        ),
        pin=PinTerms(
            digits=pins.DIGITS,
            lifetime_seconds=int(options.pin_seconds),
            tries=options.pin_tries,
            resend_after_seconds=int(options.resend_seconds),
        ),
    )
