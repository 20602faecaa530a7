"""What the names in a folder of documents may be, and when a file counts as not there."""

from errno import ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR
from pathlib import PurePosixPath

PARTS = 3
"""Of a document's path below the root: client, owner, file."""


def is_plain(path: PurePosixPath, parts: int) -> bool:
    """Whether a path has so many parts and stays below the root, whatever a caller put into it."""
    return (
        len(path.parts) == parts
        and not path.is_absolute()
        and not any(part in ("..", ".") or "\0" in part for part in path.parts)
    )


def is_missing(error: OSError) -> bool:
    """Whether there is no such file, or can't be one of that name."""
    return error.errno in (ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP)


def is_text(name: str) -> bool:
    """Python reads the bytes of a name that aren't UTF-8 as lone surrogates, which nobody can send."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
