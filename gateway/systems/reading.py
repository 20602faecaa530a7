"""Reads the tables `[systems.<name>]` and `[sources]` of the settings file."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from gateway.setting import near, parsed
from gateway.systems.kind import PARTS, Kind
from gateway.systems.kinds import KINDS

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_TAKEN = "state"
"""What the store is called in errors."""


@dataclass(frozen=True, slots=True)
class System:
    """A system that the settings name. `keys` is of its kind's class."""

    name: str
    kind: Kind
    keys: Any


def read_systems(tables: object, environment: Mapping[str, str]) -> tuple[System, ...]:
    """The systems of `[systems.<name>]` tables. Raises ValueError, naming table, key, rule and remedy."""
    if not isinstance(tables, Mapping):
        raise ValueError("systems are tables, [systems.<name>], in the settings file")
    return tuple(_system(str(name), table, environment) for name, table in tables.items())


def _system(name: str, table: object, environment: Mapping[str, str]) -> System:
    try:
        if not _NAME.fullmatch(name) or name == _TAKEN:
            raise ValueError(
                "a name has lower-case letters, digits and dashes, a letter first, at most 32,"
                f" and is not '{_TAKEN}'"
            )
        if not isinstance(table, Mapping):
            raise ValueError("it is not a table")
        kind = KINDS.get(str(table.get("kind")))
        if kind is None:
            given = f"there is no kind '{table['kind']}'" if "kind" in table else "'kind' is missing"
            raise ValueError(f"{given}. {near(str(table.get('kind')), KINDS)}")
        return System(name, kind, _keys(kind, table, environment))
    except ValueError as error:
        raise ValueError(f"[systems.{name}]: {error}") from error


def _keys(kind: Kind, table: Mapping[str, Any], environment: Mapping[str, str]) -> Any:
    known = {item.name: item for item in fields(kind.keys)}
    given = {key: value for key, value in table.items() if key != "kind"}
    for key in given:
        if key not in known:
            raise ValueError(f"a system of kind '{kind.name}' has no key '{key}'. {near(key, known)}")
    values = {}
    for key, item in known.items():
        if key in given:
            try:
                values[key] = parsed(item, given[key], environment)
            except ValueError as error:
                raise ValueError(f"'{key}': {error}") from error
        elif item.default is MISSING:
            about = item.metadata
            raise ValueError(f"'{key}' is missing; it is {about['shape']}. {about['about']}")
    return kind.keys(**values)


def read_sources(table: object, _environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The pairs of part and system of `[sources]`. Raises ValueError for what is no part, or no name."""
    if not isinstance(table, Mapping):
        raise ValueError("sources are a table, [sources], in the settings file")
    for part, system in table.items():
        if part not in PARTS:
            raise ValueError(f"[sources]: there is no part '{part}'. {near(part, PARTS)}")
        if not isinstance(system, str):
            raise ValueError(f"[sources]: '{part}' must be the name of a system, as a text")
    return tuple(table.items())
