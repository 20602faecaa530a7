"""A short list of passwords that fit the composition rules and are still the first ones guessed."""

from pathlib import Path

from auth.folding import fold, leet


def _read_list() -> tuple[frozenset[str], frozenset[str]]:
    text = (Path(__file__).parent / "refused_passwords.txt").read_text("utf-8")
    stems, whole = (
        frozenset(word for line in part.splitlines() if not line.startswith("#") for word in line.split())
        for part in text.split("\n\n")
    )
    return stems, whole


_STEMS, _EXACT = _read_list()
_SEQUENCES = ("0123456789", "9876543210", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_EDGE = "0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€§"


def _is_sequence(text: str) -> bool:
    """One sign over and over, or a run of the keyboard or of the digits."""
    return len(set(text)) == 1 or any(text in sequence for sequence in _SEQUENCES)


def is_refused(password: str) -> bool:
    """`Password1!`, `Haslo123!`, `P@ssw0rd2024!`, `Qwerty12!`, `Aaaaaaa1!`, `A12345678!` and their like."""
    folded = fold(password)
    signless = folded.strip(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€§")
    if folded in _EXACT or signless in _EXACT or _EXACT & {signless.rstrip("0123456789")}:
        return True
    stem = folded.strip(_EDGE)
    # only the end is stripped too: `@dmin123!` begins with a leet letter
    tail = folded.rstrip(_EDGE)
    stems = {stem, *leet(stem), *leet(tail)}
    stems |= {half[: len(half) // 2] for half in stems if half[: len(half) // 2] * 2 == half}
    if stems & _STEMS or any(text and _is_sequence(text) for text in stems if len(text) > 3):
        return True
    # a letter or two around a run of digits
    digits = "".join(sign for sign in folded if sign.isdecimal())
    return len(stem) <= 2 and len(digits) >= 5 and _is_sequence(digits)
