"""Loads the two message tables, `messages.pl.toml` and `messages.en.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Language = Literal["pl", "en"]
LANGUAGES: tuple[Language, ...] = ("pl", "en")


def _load(language: Language) -> Mapping[str, str]:
    path = Path(__file__).parent / f"messages.{language}.toml"
    table: dict[str, str] = tomllib.loads(path.read_text("utf-8"))
    return table


MESSAGES: Mapping[Language, Mapping[str, str]] = {language: _load(language) for language in LANGUAGES}


def message(language: Language, key: str, **values: str | int) -> str:
    """The text of `key` with `{name}` filled in; a missing key is a KeyError, not an empty page."""
    return MESSAGES[language][key].format(**values)
