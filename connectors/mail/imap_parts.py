"""The parts of a message, as BODYSTRUCTURE tells them: its text and its attachments."""

import binascii
import quopri
from collections.abc import Iterator
from email.utils import collapse_rfc2231_value, decode_params, unquote
from typing import Any, NamedTuple

from connectors.mail.html_text import text_of_html
from connectors.mail.imap_headers import decoded, readable
from connectors.mail.port import MessageAttachment

MOST_TEXT = 262_144
"""Bytes of a message's text that are read, encoded as they are; the rest is cut off."""
_LINE = 78
"""Octets of a line of base64: 57 bytes (RFC 2045)."""


class Part(NamedTuple):
    """A leaf of the structure. `section` is its name for FETCH, `size` in bytes as it is encoded."""

    section: str
    media_type: str
    parameters: dict[str, str]
    encoding: str
    size: int
    disposition: str
    file_name: str
    related: bool


def parts(structure: Any, section: str = "", related: bool = False) -> Iterator[Part]:
    """All leaves, in their order. Raises TypeError, IndexError or ValueError at what is no structure."""
    if structure.is_multipart:
        children, subtype = structure[0], _lower(structure[1])
        for number, child in enumerate(children, 1):
            name = f"{section}.{number}" if section else str(number)
            yield from parts(child, name, related or subtype == "related")
        return
    media_type = f"{_lower(structure[0])}/{_lower(structure[1])}"
    parameters = _parameters(structure[2])
    # Behind the size a text has its lines; a message its envelope, structure and lines; and then all an MD5.
    further = 3 if media_type == "message/rfc822" else int(media_type.startswith("text/"))
    at = 8 + further
    disposition: tuple[Any, ...] = (
        structure[at] if len(structure) > at and isinstance(structure[at], tuple) else ()
    )
    given = _parameters(disposition[1]) if len(disposition) > 1 else {}
    yield Part(
        section or "1",
        media_type,
        parameters,
        _lower(structure[5]),
        int(structure[6] or 0),
        _lower(disposition[0]) if disposition else "",
        decoded(given.get("filename") or parameters.get("name", "")),
        related,
    )


def body_part(leaves: list[Part]) -> Part | None:
    """The text, plain if there is one, else HTML."""
    texts = [leaf for leaf in leaves if leaf.disposition != "attachment" and not leaf.file_name]
    for wanted in ("text/plain", "text/html"):
        for leaf in texts:
            if leaf.media_type == wanted:
                return leaf
    return None


def attachments(leaves: list[Part]) -> tuple[MessageAttachment, ...]:
    """Files that came with it: what is neither text to read nor a picture in it."""
    return tuple(
        MessageAttachment(leaf.file_name, leaf.media_type, _decoded_size(leaf))
        for leaf in leaves
        if leaf.disposition == "attachment"
        or (leaf.file_name and not leaf.related)
        or not (leaf.related or leaf.media_type in ("text/plain", "text/html"))
    )


def text(part: Part, content: bytes) -> str:
    """The text of a part, or of its beginning. HTML loses its tags."""
    if part.encoding == "base64":
        whole = b"".join(content.split())
        try:
            content = binascii.a2b_base64(whole[: len(whole) // 4 * 4])
        except binascii.Error:
            content = b""
    elif part.encoding == "quoted-printable":
        content = quopri.decodestring(content)
    words = readable(content, part.parameters.get("charset") or "utf-8").replace("\r\n", "\n")
    return text_of_html(words) if part.media_type == "text/html" else words


def _decoded_size(part: Part) -> int:
    """Of base64 it is told from the encoded size, up to the two bytes that the end may lack."""
    if part.encoding != "base64":
        return part.size
    breaks = (part.size - 1) // _LINE
    return max(0, (part.size - 2 * breaks) // 4 * 3)


def _lower(value: Any) -> str:
    return readable(value).lower() if isinstance(value, bytes) else ""


def _parameters(flat: Any) -> dict[str, str]:
    """Parameters by lower-case name, long and encoded ones put together (RFC 2231)."""
    if not isinstance(flat, tuple):
        return {}
    pairs = [(readable(name), readable(value)) for name, value in zip(flat[::2], flat[1::2], strict=True)]
    # decode_params leaves the first alone: there stands the media type.
    _, *found = decode_params([("", ""), *pairs])
    return {name.lower(): _value(value) for name, value in found}


def _value(value: Any) -> str:
    """decode_params quotes them all; of encoded ones nobody takes that off."""
    text = collapse_rfc2231_value(value)
    return unquote(text) if isinstance(value, tuple) else text
