"""docs/settings.md, generated from the tables of settings."""

from dataclasses import MISSING, Field, fields
from typing import Any

from gateway.settings import PREFIX, Settings
from gateway.systems.kind import PARTS, Kind
from gateway.systems.kinds import KINDS
from gateway.systems.routing import FALLBACKS

_HEAD = """# Settings

Generated from `gateway/settings.py` and `gateway/systems/` by `leasegraph settings`; don't edit.

Each is read from the environment, else from a TOML file (`leasegraph.toml` in the working folder, or the
path in `LEASEGRAPH_CONFIG`), where it is called by its name in lower case without the prefix. An unknown key
or a bad value stops the start. In the file a secret may also be `{ env = "NAME" }` or `{ file = "/path" }`.

| environment | shape | default | what it is |
|---|---|---|---|
"""

_SYSTEMS = """
## Systems

In the file, `[systems.<name>]` is a back-office system with its `kind` and that kind's keys, and `[sources]`
says what comes from it. The name stands in errors, in `source` and in `/readyz`. The settings above make the
systems `erp`, `documents`, `mail` and `smtp`; a table of such a name takes its place. A table from which
nothing comes stops the start. [operating.md](operating.md#several-systems) has an example.

| part in `[sources]` | what it is | else from | kinds |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = [f"| `{PREFIX}{item.name.upper()}` | {_cells(item)} |\n" for item in fields(Settings)]
    parts = [
        f"| `{part}` | {about} | `{FALLBACKS[part]}` | {', '.join(_offering(part))} |\n"
        for part, about in PARTS.items()
    ]
    return _HEAD + "".join(rows) + _SYSTEMS + "".join(parts) + "".join(map(_kind, KINDS.values()))


def _offering(part: str) -> list[str]:
    return [kind.name for kind in KINDS.values() if part in kind.parts]


def _kind(kind: Kind) -> str:
    rows = "".join(f"| `{item.name}` | {_cells(item)} |\n" for item in fields(kind.keys))
    head = "| key | shape | default | what it is |\n|---|---|---|---|\n"
    return f'\n### `kind = "{kind.name}"`\n\n{kind.about}\n\n{head}{rows}'


def _cells(item: "Field[Any]") -> str:
    """Shape, default and what it is."""
    about = item.metadata
    text = about["about"] + (" **Secret.**" if about["secret"] else "")
    return f"{about['shape']} | {_default(item)} | {text}"


def _default(item: "Field[Any]") -> str:
    default = item.default
    if default is MISSING:
        return "must be given"
    if default is None:
        default = ""
    plain = ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
    plain = ("yes" if default else "no") if isinstance(default, bool) else plain
    shown = item.metadata["shown"] or plain
    return f"`{shown}`" if shown else "–"
