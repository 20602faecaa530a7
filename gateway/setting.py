"""One setting: how its value is read, and what is said of it."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, field
from pathlib import Path
from typing import Any, Final

REQUIRED: Final = MISSING
"""The default of what has to be given."""


class SettingsError(Exception):
    """A setting can't be used. The text names the key, the shape of its value, and the remedy."""


def setting(
    default: Any,
    parse: Callable[..., Any],
    shape: str,
    about: str,
    *,
    secret: bool = False,
    table: str = "",
    shown: str = "",
) -> Any:
    """A field of a table of settings.

    `shown` is what its default follows from. `table` is where docs tell of what comes as a TOML table; its
    `parse` gets the table and the environment.
    """
    metadata = {
        "parse": parse,
        "shape": shape,
        "about": about,
        "secret": secret,
        "table": table,
        "shown": shown,
    }
    return field(default=default, metadata=metadata)


def sentence(error: Exception) -> str:
    """What it says, with one mark at its end."""
    told = str(error)
    return told if told.endswith((".", "?")) else f"{told}."


def parsed(item: "Field[Any]", value: Any, environment: Mapping[str, str]) -> Any:
    """A value from the environment or the settings file. Raises ValueError, which never repeats a secret."""
    about = item.metadata
    if about["table"]:
        try:
            return about["parse"](value, environment)
        except ValueError as error:
            raise ValueError(f"{sentence(error)} See {about['table']}.") from error
    if about["secret"] and isinstance(value, Mapping):
        value = _kept_elsewhere(value, environment)
    plain = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    try:
        return about["parse"](plain)
    except ValueError as error:
        shown = "its value" if about["secret"] else repr(plain)
        raise ValueError(f"{shown} is not {about['shape']} ({error}). {about['about']}") from error


def _kept_elsewhere(place: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """The secret that `{ env = "NAME" }` or `{ file = "/path" }` names."""
    match place:
        case {"env": str(name), **more} if not more:
            if name not in environment:
                raise ValueError(f"the environment has no {name}. Set it, or take another name")
            return environment[name]
        case {"file": str(path), **more} if not more:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"the file {path} can't be read ({error})") from error
    raise ValueError('a secret is a text, { env = "NAME" } or { file = "/path" }')


def near(name: str, known: Iterable[str]) -> str:
    """A hint at what was meant, or at all there is."""
    names = sorted(known)
    found = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean '{found[0]}'?" if found else f"There is: {', '.join(names)}."
