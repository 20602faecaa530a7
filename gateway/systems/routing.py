"""Which part comes from which system."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from gateway.setting import near
from gateway.systems.folder import FOLDER, FolderKeys
from gateway.systems.kind import ERP_PARTS, PARTS
from gateway.systems.reading import System
from gateway.systems.rest import REST, RestKeys
from gateway.systems.smtp import SMTP, SmtpKeys

if TYPE_CHECKING:
    from gateway.settings import Settings

FLAT: Mapping[str, tuple[str, ...]] = {
    "erp": ("erp_url", "erp_api_key", "erp_timeout"),
    "documents": ("documents_url", "documents_api_key", "documents_timeout"),
    "mail": ("mail_archive_url", "mail_archive_api_key", "mail_archive_timeout"),
    "smtp": ("smtp_url", "smtp_timeout", "smtp_ca_file"),
}
"""The systems that are there without a table of their own, and the settings that they are made of."""

FALLBACKS: Mapping[str, str] = {
    **dict.fromkeys(ERP_PARTS, "erp"),
    "documents": "documents",
    "mail": "mail",
    "sending": "smtp",
}
"""Where each part comes from that `[sources]` doesn't name."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A system, and the parts that come from it."""

    system: System
    parts: tuple[str, ...]


def routed(settings: "Settings") -> list[Routed]:
    """Every system that something comes from. Raises ValueError, naming table and remedy, where a part has no
    system that offers it, or a system that was named nothing to do."""
    tables = {system.name: system for system in settings.systems}
    known = {system.name: system for system in _flat(settings)} | tables
    sources = {**FALLBACKS, **dict(settings.sources)}
    parts: dict[str, list[str]] = {}
    for part in PARTS:
        name = sources[part]
        if name not in known:
            raise ValueError(
                f"[sources]: '{part}' names no system: there is no '{name}'. {near(name, known)}"
            )
        kind = known[name].kind
        if part not in kind.parts:
            raise ValueError(
                f"[sources]: '{part}' can't come from '{name}': systems of kind '{kind.name}' offer"
                f" {', '.join(kind.parts)}. Name another system for '{part}'"
            )
        parts.setdefault(name, []).append(part)
    if idle := [name for name in tables if name not in parts]:
        raise ValueError(
            f"[systems.{idle[0]}]: nothing comes from it. Name it in [sources], or take the table away"
        )
    return [Routed(known[name], tuple(own)) for name, own in parts.items()]


def said_twice(given: Mapping[str, object]) -> str | None:
    """What is wrong where a flat setting and a table tell of the same system; `given` is what was set."""
    tables = given.get("systems")
    for name, flat in FLAT.items():
        if isinstance(tables, Mapping) and name in tables:
            for setting in flat:
                if setting in given:
                    return f"'{setting}' and [systems.{name}] tell of the same system: take one of them away."
    return None


def _flat(settings: "Settings") -> list[System]:
    documents = urlsplit(settings.documents_url)
    return [
        System(
            "erp",
            REST,
            RestKeys(url=settings.erp_url, api_key=settings.erp_api_key, timeout=settings.erp_timeout),
        ),
        System(
            "documents",
            FOLDER,
            FolderKeys(path=Path(unquote(documents.path)), timeout=settings.documents_timeout),
        )
        if documents.scheme == "file"
        else System(
            "documents",
            REST,
            RestKeys(
                url=settings.documents_url,
                api_key=settings.documents_api_key,
                timeout=settings.documents_timeout,
            ),
        ),
        System(
            "mail",
            REST,
            RestKeys(
                url=settings.mail_archive_url,
                api_key=settings.mail_archive_api_key,
                timeout=settings.mail_archive_timeout,
            ),
        ),
        System(
            "smtp",
            SMTP,
            SmtpKeys(url=settings.smtp_url, timeout=settings.smtp_timeout, ca_file=settings.smtp_ca_file),
        ),
    ]
