"""What names say in stores that hold files by name: a document's kind, and who uploaded it."""

import os
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from connectors.documents.port import DocumentKind, NewUpload

LIFE = timedelta(days=1)
"""How long an upload waits for a request that takes it."""

_UPLOAD = "upload-"
_MOST_NAME_BYTES = 200  # with the kind before it a name stays below the 255 bytes that file systems take


def kind_and_file_name(name: str) -> tuple[str, str]:
    """`KIND--name.pdf` apart; the kind is empty where the name says none."""
    code, dashes, file_name = name.partition("--")
    return (code, file_name) if dashes else ("", name)


def kind_of(name: str) -> DocumentKind:
    """What the name of a file says that it is."""
    code, _ = kind_and_file_name(name)
    return DocumentKind(code) if code else DocumentKind.OTHER


def title_of(file_name: str) -> str:
    """The name without its extension."""
    return PurePosixPath(file_name).stem


def upload_owner(upload: NewUpload) -> str:
    """Where others say whose document it is, an upload says who made it, and its key."""
    return f"{_UPLOAD}{quote(upload.uploaded_by, safe='')}.{upload.key}"


def upload_name(upload: NewUpload, most_bytes: int = _MOST_NAME_BYTES) -> str:
    """`ATTACHMENT--<file name>`, the file's name cut to so many bytes."""
    stem, extension = os.path.splitext(upload.file_name)  # noqa: PTH122 - a name, no path
    room = most_bytes - len(extension.encode())
    short = stem.encode()[:room].decode(errors="ignore") + extension
    return f"{DocumentKind.ATTACHMENT.value}--{short}"


def is_upload_owner(owner: str) -> bool:
    """Whether it is that of an upload."""
    return owner.startswith(_UPLOAD)


def uploader(owner: str) -> str | None:
    """The login of the user who uploaded it; None for any other document."""
    return unquote(owner.removeprefix(_UPLOAD).rpartition(".")[0]) if is_upload_owner(owner) else None
