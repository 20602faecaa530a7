"""Portal: what anybody may know before logging in."""

import strawberry

from resolvers.portal import CharacterClass, FirstLoginStep, ForbiddenText, PinRecipient
from schema.fields import described, enum

enum(
    FirstLoginStep,
    "A step to the first password.",
    {
        "LOGIN_NUMBER": "Type the login, which is the client number.",
        "PASSWORD": "Choose a password, and type it twice.",
        "PIN": "Confirm it with the PIN that a mail of its own brings then.",
    },
)
enum(
    CharacterClass,
    "Signs of which a password needs one.",
    {
        "CAPITAL_LETTER": "A capital letter of any alphabet.",
        "DIGIT": "A digit, 0 to 9.",
        "SPECIAL_CHARACTER": "A punctuation mark, a symbol or a space.",
    },
)
enum(
    ForbiddenText,
    "What may not be within a password.",
    {
        "LOGIN": "The login.",
        "COMPANY_NAME": "The name of the client.",
        "FIRST_NAME": "The user's first name.",
        "SURNAME": "The user's surname, nor a part of a double-barrelled one.",
        "LEASING_COMPANY_NAME": "The name of the leasing company.",
        "COMMON_PASSWORD": "A word or row of keys that is guessed first, with only signs around it.",
    },
)
enum(
    PinRecipient,
    "Where a PIN goes.",
    {"EINVOICE_EMAIL": "To the address that was given for e-invoices; a further user's to the user's own."},
)


@strawberry.type(description="Signs of which a password needs one.")
class PasswordCharacter:
    kind: CharacterClass = described("Which signs.")
    pattern: str = described(
        "A regular expression of ECMAScript, for the flag `u`, that finds one in the password after NFKC."
    )


@strawberry.type(description="What a password must be like (FAQ 4).")
class PasswordRules:
    min_length: int = described("Fewest characters: code points after Unicode's normal form NFKC.")
    max_length: int = described("Most characters, counted alike.")
    must_contain: list[PasswordCharacter] = described("It needs one of each.")
    must_not_contain: list[ForbiddenText] = described(
        "It has none of these, whether in capitals or not, with or without accents and signs, or with"
        " digits for letters. Only the server can check it."
    )


@strawberry.type(description="How the PIN comes that confirms a password (FAQ 5).")
class PinTerms:
    digits: int = described("How many digits it has.")
    lifetime_seconds: int = described("How long it is good, in seconds.")
    tries: int = described("How often it may be typed wrong before it is void.")
    resend_after_seconds: int = described("After how many seconds another one can be asked for.")
    sent_to: PinRecipient = described("To where it is mailed, once the password is chosen.")


@strawberry.type(description="The portal as everybody knows it; it tells nothing of any account.")
class Portal:
    leasing_company: str = described("Name of the leasing company.")
    login_url: str = described("Page to log in (FAQ 1).")
    first_login_url: str = described("Page to set the first password (FAQ 3).")
    reset_password_url: str = described("Page to set another password for a forgotten one.")
    first_login_steps: list[FirstLoginStep] = described(
        "The steps to the first password, in order; those to another one are the same."
    )
    password_rules: PasswordRules = described("What a password must be like.")
    pin: PinTerms = described("How the PIN comes that confirms a password.")
