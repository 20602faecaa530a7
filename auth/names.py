"""Which parts of a person's or company's name a password must not contain."""

import re
import tomllib
from pathlib import Path

from auth.folding import fold

NAME_LETTERS = 3
COMPANY_TOKEN_LETTERS = 4
COMPANY_CORE_LETTERS = 3

_COMPANY_WORDS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "company_words.toml").read_text("utf-8")
)
_LEGAL_FORMS = sorted((tuple(form.split()) for form in _COMPANY_WORDS["legal_forms"]), key=len, reverse=True)
_GENERIC = frozenset(_COMPANY_WORDS["generic"])


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def personal_name_parts(name: str) -> frozenset[str]:
    """Each part of a (double-barrelled) name and the joined form, three letters or more."""
    words = _words(name)
    return frozenset(part for part in (*words, "".join(words)) if len(part) >= NAME_LETTERS)


def company_name_parts(name: str) -> frozenset[str]:
    """The name's own words without legal forms and generic words, their joined form, or else all of it."""
    words = _words(name)
    kept: list[str] = []
    at = 0
    while at < len(words):
        form = next((form for form in _LEGAL_FORMS if tuple(words[at : at + len(form)]) == form), None)
        if form:
            at += len(form)
            continue
        if words[at] not in _GENERIC:
            kept.append(words[at])
        at += 1
    core = "".join(kept)
    parts = {word for word in kept if len(word) >= COMPANY_TOKEN_LETTERS}
    if len(core) >= COMPANY_CORE_LETTERS:
        parts.add(core)
    return frozenset(parts or {"".join(words)} - {""})
