"""All documents of a client in a folder, in order, without reading a file's content."""

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.documents.folder_names import PARTS, is_missing, is_plain, is_text
from connectors.documents.naming import kind_of
from connectors.documents.queries import DocumentFilter

WARSAW = ZoneInfo("Europe/Warsaw")


class Entry(NamedTuple):
    """Where a file stands in the list: by day of issue, then id. What can't be read stands on top."""

    issued_on: date
    id: str
    path: PurePosixPath

    @property
    def position(self) -> tuple[str, str]:
        """As the contract's keyset position."""
        return self.issued_on.isoformat(), self.id


def day_of(stat: os.stat_result) -> date:
    """The day of issue, in Poland: when the file was last changed."""
    return datetime.fromtimestamp(stat.st_mtime, WARSAW).date()


def entries(root: Path, client_number: str, where: DocumentFilter) -> list[Entry]:
    """Newest first; folders that can't be read are there themselves."""
    found = [
        entry
        for entry in _entries(root, PurePosixPath(client_number))
        if where.takes(kind_of(entry.path.name), entry.issued_on)
    ]
    return sorted(found, key=lambda entry: entry.position, reverse=True)


def _entries(root: Path, client: PurePosixPath) -> Iterator[Entry]:
    if not is_plain(client, 1):
        return
    for owner in _names(root, client):
        if isinstance(owner, Entry):
            yield owner
            continue
        for name in _names(root, owner):
            entry = name if isinstance(name, Entry) else _entry(root, name)
            if entry is not None:
                yield entry


def _names(root: Path, folder: PurePosixPath) -> list[PurePosixPath] | list[Entry]:
    try:
        return [folder / name for name in os.listdir(root / folder)]  # noqa: PTH208 - names only
    except OSError as error:
        return [] if is_missing(error) else [_on_top(folder)]


def _entry(root: Path, path: PurePosixPath) -> Entry | None:
    if len(path.parts) != PARTS:
        return None
    try:
        stat = (root / path).stat()
    except OSError as error:
        return None if is_missing(error) else _on_top(path)
    if not S_ISREG(stat.st_mode):
        return None
    return Entry(day_of(stat), str(path), path) if is_text(path.name) else _on_top(path)


def _on_top(path: PurePosixPath) -> Entry:
    return Entry(date.max, str(path).encode("utf-8", "backslashreplace").decode(), path)
