"""A one-page PDF of plain lines, written by hand: small, and the same bytes for the same lines."""

from collections.abc import Sequence
from typing import NamedTuple

# Windows-1252 has no Polish letters but ó: the font's encoding names them in places that are free here.
GLYPHS = {
    "Ą": "Aogonek", "Ć": "Cacute", "Ę": "Eogonek", "Ł": "Lslash", "Ń": "Nacute", "Ś": "Sacute", "Ź": "Zacute",
    "Ż": "Zdotaccent", "ą": "aogonek", "ć": "cacute", "ę": "eogonek", "ł": "lslash", "ń": "nacute",
    "ś": "sacute",
    "ź": "zacute", "ż": "zdotaccent",
}  # fmt: skip
FIRST_CODE = 128
_CODES = {ord(letter): FIRST_CODE + place for place, letter in enumerate(GLYPHS)}
_DIFFERENCES = " ".join(f"/{name}" for name in GLYPHS.values())
_ENCODING = f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [{FIRST_CODE} {_DIFFERENCES}] >>"
_FONT = f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {_ENCODING} >>"
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
    b" /Resources << /Font << /F1 4 0 R >> >> >>"
)
LEFT, TOP = 56, 780


class Line(NamedTuple):
    """A line of text; the gap to the next one is 1.6 times its size."""

    text: str
    size: int = 11


def _text(text: str) -> bytes:
    encoded = bytearray()
    for letter in text:
        code = _CODES.get(ord(letter))
        if code is not None:
            encoded.append(code)
        else:
            if letter in "()\\":
                encoded += b"\\"
            encoded += letter.encode("latin-1", "replace")
    return bytes(encoded)


def one_page(title: str, lines: Sequence[Line]) -> bytes:
    """An A4 page with the lines from the top."""
    parts = [b"BT\n"]
    y = TOP
    for line in lines:
        parts.append(b"/F1 %d Tf 1 0 0 1 %d %d Tm (%s) Tj\n" % (line.size, LEFT, y, _text(line.text)))
        y -= line.size * 8 // 5
    stream = b"".join([*parts, b"ET\n"])
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Lang (pl) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        _FONT.encode("ascii"),
        b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream),
        b"<< /Title <FEFF%s> /Producer (sandbox) >>"
        % title.encode("utf-16-be").hex().upper().encode("ascii"),
    )
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    table = [b"0000000000 65535 f \n"]
    for number, content in enumerate(objects, 1):
        table.append(b"%010d 00000 n \n" % len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n%s" % (len(table), b"".join(table))
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(table), start)
    return bytes(body)
