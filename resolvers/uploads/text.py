"""Texts: plain ones, and XML."""

import codecs
from functools import partial
from typing import BinaryIO

from resolvers.uploads.refusal import WrongContent
from resolvers.uploads.xml import read_xml

_CHUNK = 64 * 1024
_CONTROLS = frozenset(range(32)) - {0x09, 0x0A, 0x0C, 0x0D}
_UNUSED_IN_1250 = frozenset({0x81, 0x83, 0x88, 0x90, 0x98})
_NO_TEXT = bytes(_CONTROLS | {0x7F})


def check_text(file: BinaryIO) -> None:
    """UTF-8 or Windows-1250, the two that Polish programs write, without control characters."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = is_1250 = True
    while chunk := file.read(_CHUNK):
        if chunk.translate(None, _NO_TEXT) != chunk:
            raise WrongContent("is no text: it holds control characters")
        is_1250 = is_1250 and not _UNUSED_IN_1250 & set(chunk)
        is_utf8 = is_utf8 and _decodes(utf8, chunk)
    if not is_1250 and not (is_utf8 and _decodes(utf8, b"", final=True)):
        raise WrongContent("is no text in UTF-8 or Windows-1250")


def check_xml(file: BinaryIO) -> None:
    """Well-formed, without a document type."""
    read_xml(iter(partial(file.read, _CHUNK), b""))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
