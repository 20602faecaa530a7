"""docs/settings.md, generated from the table of settings."""

from dataclasses import fields

from gateway.settings import PREFIX, Settings

_HEAD = """# Settings

Generated from the table in `gateway/settings.py` by `leasegraph settings`; don't edit.

Each is read from the environment, else from a TOML file (`leasegraph.toml` in the working folder, or the
path in `LEASEGRAPH_CONFIG`), where it is called by its name in lower case without the prefix. An unknown key
or a bad value stops the start.

| environment | shape | default | what it is |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = []
    for item in fields(Settings):
        meta = item.metadata
        default = item.default
        plain = ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)
        plain = ("yes" if default else "no") if isinstance(default, bool) else plain
        shown = meta["shown"] or plain
        cell = f"`{shown}`" if shown else "–"
        text = meta["about"] + (" **Secret.**" if meta["secret"] else "")
        rows.append(f"| `{PREFIX}{item.name.upper()}` | {meta['shape']} | {cell} | {text} |\n")
    return _HEAD + "".join(rows)
