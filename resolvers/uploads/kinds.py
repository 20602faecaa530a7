"""The kinds of files that are taken: what names them, and what their content must be.

No library decides this: they guess what an unknown file may be; here a file says what it is, and must be it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from resolvers.uploads.office import check_office
from resolvers.uploads.refusal import WrongContent
from resolvers.uploads.text import check_text, check_xml

Check = Callable[[BinaryIO], None]
_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the media type under which it is stored, others that callers use, and its check.

    The check raises WrongContent. It reads the file part by part, in a thread.
    """

    media_type: str
    check: Check
    also: frozenset[str] = frozenset()


def _framed(name: str, starts: tuple[bytes, ...], end: bytes, within: int) -> Check:
    """A file that begins with one of some marks, and has another in its last `within` bytes."""

    def check(file: BinaryIO) -> None:
        if not file.read(16).startswith(starts):
            raise WrongContent(f"is no {name}: it does not begin like one")
        size = file.seek(0, 2)
        file.seek(max(0, size - within))
        if end not in file.read():
            raise WrongContent(f"is no whole {name}: its end is missing")

    return check


_PDF = FileKind("application/pdf", _framed("PDF", (b"%PDF-1.", b"%PDF-2."), b"%%EOF", 1024))
_PNG = FileKind("image/png", _framed("PNG", (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",), b"IEND\xaeB`\x82", 64))
# Cameras write notes of their own behind the end of a picture.
_JPEG = FileKind("image/jpeg", _framed("JPEG", (b"\xff\xd8\xff",), b"\xff\xd9", 65_536))
_TIFF = FileKind("image/tiff", _framed("TIFF", (b"II*\0", b"MM\0*"), b"", 0))
_CSV_ALSO = frozenset({"text/plain", "application/csv", "application/vnd.ms-excel"})

KINDS: Mapping[str, FileKind] = {
    "pdf": _PDF,
    "png": _PNG,
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "tif": _TIFF,
    "tiff": _TIFF,
    "docx": FileKind(
        f"{_OFFICE}.wordprocessingml.document",
        partial(check_office, "Word document", f"{_OFFICE}.wordprocessingml.document"),
    ),
    "xlsx": FileKind(
        f"{_OFFICE}.spreadsheetml.sheet",
        partial(check_office, "Excel workbook", f"{_OFFICE}.spreadsheetml.sheet"),
    ),
    "csv": FileKind("text/csv", check_text, _CSV_ALSO),
    "txt": FileKind("text/plain", check_text),
    "xml": FileKind("application/xml", check_xml, frozenset({"text/xml"})),
}
"""By the extension of the file's name."""
