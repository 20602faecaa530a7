"""How two texts are compared when a password must not contain a name: spelling, not looks, is ignored."""

import unicodedata

# letters that NFKD leaves whole
_STROKED = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe"})
# what people type for a letter; `1` and `!` stand for two
_LEET = {
    "0": "o", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "€": "e", "+": "t", "(": "c",
}  # fmt: skip
_LEET_I = str.maketrans({**_LEET, "1": "i", "!": "i", "|": "i"})
_LEET_L = str.maketrans({**_LEET, "1": "l", "!": "l", "|": "l"})


def fold(text: str) -> str:
    """NFKC, casefold, ł đ ø ß ı mapped, then NFKD without combining marks."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_STROKED)
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(mark))
    return bare.casefold()


def letters_and_digits(folded: str) -> str:
    return "".join(letter for letter in folded if letter.isalnum())


def leet(folded: str) -> tuple[str, str]:
    """The two readings of a folded text whose digits and signs stand for letters."""
    return folded.translate(_LEET_I), folded.translate(_LEET_L)


class FoldedPassword:
    """A password in every form in which it is searched for a forbidden text."""

    def __init__(self, password: str) -> None:
        folded = fold(password)
        self._plain = {folded, letters_and_digits(folded)}
        self._leet = set(leet(folded)) | {letters_and_digits(reading) for reading in leet(folded)}

    def contains(self, text: str, *, leet_from: int = 5) -> bool:
        """Whether the text occurs; texts of `leet_from` letters or more are found in leet spelling too."""
        folded = fold(text)
        needle = letters_and_digits(folded)
        if not needle:
            return False
        if any(needle in plain or folded in plain for plain in self._plain):
            return True
        if len(needle) < leet_from:
            return False
        readings = {letters_and_digits(reading) for reading in leet(folded)}
        return any(reading in form for reading in readings for form in self._leet)
