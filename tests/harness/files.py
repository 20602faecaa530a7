"""Files as people have them, each of its kind, and the ways to spoil one."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = "word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"
EXCEL = "xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet.main+xml"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(200)


def png() -> bytes:
    """A picture of one grey point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">2L5B", 1, 1, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def archive(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def types(main: str, media_type: str) -> bytes:
    """The part that says what the others are."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{main}" ContentType="{media_type}"/></Types>'
    ).encode()


def office(of: tuple[str, str], more: Mapping[str, bytes] | None = None) -> bytes:
    """A document or a workbook with nothing in it, and more parts."""
    main, media_type = of
    return archive({"[Content_Types].xml": types(main, media_type), main: b"<x/>", **(more or {})})


RIGHT: dict[str, bytes] = {
    "wypis.pdf": PDF,
    "skan.png": png(),
    "zdjęcie.jpg": b"\xff\xd8\xff\xe0" + bytes(50) + b"\xff\xd9",
    "zdjęcie.JPEG": b"\xff\xd8\xff\xe1" + bytes(50) + b"\xff\xd9" + b"a camera's notes",
    "skan.tif": b"II*\0" + bytes(50),
    "skan.tiff": b"MM\0*" + bytes(50),
    "pismo.docx": office(WORD),
    "zestawienie.xlsx": office(EXCEL),
    "lista.csv": "numer;kwota\nFV/1;1 460,00 zł\n".encode("cp1250"),
    "uwagi.txt": "Zażółć gęślą jaźń\r\n".encode(),
    "deklaracja.xml": b'<?xml version="1.0"?><a xmlns="urn:x"><b c="d"/></a>',
}
"""By a name that fits; each is taken."""
