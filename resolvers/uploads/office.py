"""Office Open XML (ECMA-376): ZIP archives whose directory is read, and whose parts are not unpacked."""

import struct
import zlib
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from resolvers.uploads.refusal import WrongContent
from resolvers.uploads.xml import read_xml

_END = struct.Struct("<4s4H2LH")
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_MOST_DIRECTORY = 512 * 1024
_MOST_PARTS = 2_000
_MOST_UNPACKED = 200 * 1024 * 1024
_MOST_TYPES = 1024 * 1024
_TYPES = "[Content_Types].xml"
_METHODS = (0, 8)  # stored, deflated: those that ECMA-376 allows
_ENCRYPTED = 1
# What `zipfile` raises for what is no archive; a place before the beginning is an OSError in a real file.
_UNREADABLE = (
    BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError, struct.error, zlib.error,
)  # fmt: skip


def check_office(name: str, media_type: str, file: BinaryIO) -> None:
    """A document whose main part is of that media type, without macros, and no bomb."""
    _check_directory(name, file)
    try:
        with ZipFile(file) as archive:
            _check_parts(name, archive.infolist(), file.seek(0, 2))
            parts = archive.namelist()
            if parts.count(_TYPES) != 1:
                raise WrongContent(f"is no {name}: it has no part '{_TYPES}'")
            with archive.open(_TYPES) as part:
                types = part.read(_MOST_TYPES + 1)
    except _UNREADABLE as error:
        raise WrongContent(f"is no {name}: its archive can't be read") from error
    if len(types) > _MOST_TYPES or f"{media_type}.main+xml" not in _types_of(parts, types):
        raise WrongContent(f"is no {name} without macros")


def _check_directory(name: str, file: BinaryIO) -> None:
    """Before `zipfile` reads the directory as a whole, whatever its size. ZIP64 is for files above 4 GB."""
    size = file.seek(0, 2)
    file.seek(0)
    if size < _END.size or not file.read(4).startswith(b"PK\x03\x04"):
        raise WrongContent(f"is no {name}: it does not begin like one")
    file.seek(max(0, size - _END.size - _LOCATOR_SIZE))
    before, end = file.read(_LOCATOR_SIZE), file.read()
    if size < _END.size + _LOCATOR_SIZE or len(end) != _END.size:
        raise WrongContent(f"is no {name}: its archive can't be read")
    mark, _, _, _, _, length, start, comment = _END.unpack(end)
    if mark != b"PK\x05\x06" or comment or before.startswith(_LOCATOR):
        raise WrongContent(f"is no {name}: its archive does not end with its directory")
    if length > _MOST_DIRECTORY or start + length > size:
        raise WrongContent(_too_many(name))
    file.seek(0)


def _check_parts(name: str, parts: list[ZipInfo], size: int) -> None:
    if len(parts) > _MOST_PARTS:
        raise WrongContent(_too_many(name))
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise WrongContent(f"unpacks to more than {_MOST_UNPACKED // 1024 // 1024} MiB")
    if sum(part.compress_size for part in parts) > size:
        raise WrongContent(f"is no {name}: parts of its archive overlap")
    for part in parts:
        path = part.filename
        if path.startswith(("/", "\\")) or ".." in path.replace("\\", "/").split("/"):
            raise WrongContent("holds a part whose name leads out of it")
        if part.flag_bits & _ENCRYPTED or part.compress_type not in _METHODS:
            raise WrongContent("is encrypted, or packed in a way that its format does not know")
        if path.lower().endswith("vbaproject.bin"):
            raise WrongContent(f"is no {name} without macros")


def _too_many(name: str) -> str:
    return f"is no {name} that can be taken: it has more than {_MOST_PARTS} parts"


def _types_of(parts: list[str], types: bytes) -> set[str | None]:
    """What `[Content_Types].xml` says of the parts: by name, else by extension (ECMA-376, part 2)."""
    by_name: dict[str, str] = {}
    by_extension: dict[str, str] = {}

    def begin(tag: str, given: dict[str, str]) -> None:
        told = given.get("ContentType", "")
        if tag.rpartition(":")[2] == "Override":
            by_name[given.get("PartName", "").lower()] = told
        elif tag.rpartition(":")[2] == "Default":
            by_extension[given.get("Extension", "").lower()] = told

    read_xml([types], begin)
    names = [part.lower() for part in parts]
    return {by_name.get(f"/{name}", by_extension.get(name.rpartition(".")[2])) for name in names}
