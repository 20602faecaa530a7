"""What a file must be to be taken under its name, and what is found out without unpacking it."""

import contextlib
import io
import struct
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl
import pytest

from resolvers.uploads.kinds import KINDS
from resolvers.uploads.refusal import WrongContent
from tests.harness.files import EXCEL, EXE, PDF, RIGHT, WORD, archive, office, png, types


def check(name: str, data: bytes) -> None:
    KINDS[name.rpartition(".")[2].lower()].check(io.BytesIO(data))


@pytest.mark.parametrize("name", RIGHT)
def test_right_files(name: str) -> None:
    check(name, RIGHT[name])


@pytest.mark.parametrize("extension", KINDS)
def test_a_program_is_none_of_them(extension: str) -> None:
    with pytest.raises(WrongContent):
        check(f"x.{extension}", EXE)


@pytest.mark.parametrize("extension", KINDS)
def test_nothing_is_what_another_is(extension: str) -> None:
    """But for texts: a CSV or XML file is a text too."""
    mine = KINDS[extension].media_type
    for name, data in RIGHT.items():
        other = KINDS[name.rpartition(".")[2].lower()].media_type
        if mine == other or (
            mine.startswith("text/") and other in ("text/plain", "text/csv", "application/xml")
        ):
            continue
        if mine.startswith("text/") and other == "application/pdf":
            continue  # one without a picture is readable text
        with pytest.raises(WrongContent):
            check(f"x.{extension}", data)


def test_a_workbook_of_a_real_writer(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["numer", 1460])
    book.save(tmp_path / "a.xlsx")
    check("a.xlsx", (tmp_path / "a.xlsx").read_bytes())


def test_a_type_told_for_an_extension() -> None:
    told = types(*WORD).replace(b'Override PartName="/word/document.xml"', b'Default Extension="xml"')
    check("a.docx", archive({"[Content_Types].xml": told, "word/document2.xml": b"<x/>"}))


WRONG = {
    "cut.pdf": PDF[:40],
    "late.pdf": b"x" + PDF,
    "cut.png": png()[:-8],
    "cut.jpg": b"\xff\xd8\xff\xe0" + bytes(50),
    "utf16.txt": "tekst".encode("utf-16"),
    "nul.csv": b"a;b\0c",
    "bytes.txt": b"\x81\xff\xc3",
    "half.xml": b"<a><b></a>",
    "empty.xml": b"   ",
    "laughs.xml": b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>',
    "external.xml": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    "deep.xml": b"<a>" * 1000 + b"</a>" * 1000,
    "plain.docx": archive({"a.txt": b"x"}),
    "sheet.docx": office(EXCEL),
    "macros.docx": office(WORD, {"word/vbaProject.bin": b"x"}),
    "macros.xlsx": office((EXCEL[0], "application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    "out.docx": office(WORD, {"../../etc/passwd": b"x"}),
    "root.docx": office(WORD, {"/etc/passwd": b"x"}),
    "back.docx": office(WORD, {"..\\..\\x": b"x"}),
    "many.docx": office(WORD, {f"p{number}": b"" for number in range(2_001)}),
    "bzip.docx": archive(
        {"[Content_Types].xml": types(*WORD), WORD[0]: b"<x/>"}, zipfile.ZIP_BZIP2
    ),
    "doctype.docx": archive({"[Content_Types].xml": b"<!DOCTYPE a>" + types(*WORD)[38:], WORD[0]: b""}),
    "cut.docx": office(WORD)[:-30],
    "head.docx": b"MZ" + office(WORD),
    "tail.docx": office(WORD) + b"x",
    "short.docx": b"PK\x03\x04",
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files(name: str) -> None:
    with pytest.raises(WrongContent) as error:
        check(name, WRONG[name])
    assert str(error.value).startswith(("is ", "holds ", "must ", "unpacks "))


def bomb() -> bytes:
    """A document of some hundred kB that unpacks to more than 200 MiB."""
    return office(WORD, {f"word/media/{number}.bin": bytes(30_000_000) for number in range(7)})


def overlapping() -> bytes:
    """Many entries of the directory that all mean the same bytes."""
    data = office(WORD, {"word/media/0.bin": bytes(range(256)) * 4})
    start = data.index(b"PK\x01\x02")
    directory, end = data[start : data.rindex(b"PK\x05\x06")], data[data.rindex(b"PK\x05\x06") :]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    copies = b"".join(last.replace(b"media/0.bin", b"media/%c.bin" % (97 + place)) for place in range(20))
    count, size = len(directory.split(b"PK\x01\x02")) - 1 + 20, len(directory) + len(copies)
    ended = end[:8] + struct.pack("<HHLL", count, count, size, start) + end[20:]
    return data[:start] + directory + copies + ended


def huge_directory() -> bytes:
    """A directory of a million parts, told by the archive's end and by the end of ZIP64."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    entries = entry * 300_000
    begin = office(WORD)[:4]
    return begin + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 4, 0)


def hidden_in_zip64() -> bytes:
    """An honest end of the archive, and before it the locator of another end, which readers prefer."""
    data = huge_directory()
    entries = len(data) - 4 - 22
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 300_000, 300_000, entries, 4)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 4 + entries, 1)
    return data[:-22] + end64 + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 100, 4, 0)


@pytest.mark.parametrize("make", [bomb, overlapping, huge_directory, hidden_in_zip64])
def test_bombs_cost_no_memory(make: Callable[[], bytes]) -> None:
    data = io.BytesIO(make())
    tracemalloc.start()
    try:
        with pytest.raises(WrongContent):
            KINDS["docx"].check(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 * 1024 * 1024


def test_a_part_that_is_larger_than_the_directory_says() -> None:
    """Its bytes are not unpacked beyond what was said, nor beyond a mebibyte."""
    honest = archive({"[Content_Types].xml": types(*WORD) + b" " * 50_000_000, WORD[0]: b"<x/>"})
    for data in (
        honest,
        honest.replace(struct.pack("<L", len(types(*WORD)) + 50_000_000), struct.pack("<L", 500)),
    ):
        tracemalloc.start()
        try:
            with pytest.raises(WrongContent):
                KINDS["docx"].check(io.BytesIO(data))
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert most < 4 * 1024 * 1024


@pytest.mark.parametrize("name", RIGHT)
def test_spoilt_files_are_taken_or_refused(name: str) -> None:
    """On a real file, which seeks otherwise than one in memory."""
    random = Random(name)
    right = RIGHT[name]
    for _ in range(300):
        spoilt = bytearray(right)
        for _ in range(random.randint(1, 6)):
            spoilt[random.randrange(len(spoilt))] = random.choice(
                (0, 1, 0x7F, 0x80, 0xFF, random.randrange(256))
            )
        if random.random() < 0.3:
            del spoilt[random.randrange(len(spoilt)) :]
        with tempfile.TemporaryFile() as file, contextlib.suppress(WrongContent):
            file.write(spoilt)
            file.seek(0)
            KINDS[name.rpartition(".")[2].lower()].check(file)


def test_long_texts_in_xml_but_no_long_tags() -> None:
    long = b"x" * 5_000_000
    check("a.xml", b"<a>%s<![CDATA[%s]]></a>" % (long, long))
    for data in (b'<a b="%s"/>' % long, b"<a><!-- %s --></a>" % long, b"<%s/>" % long):
        with pytest.raises(WrongContent, match="bytes"):
            check("a.xml", data)


@pytest.mark.parametrize("encoding", ["foo", "utf-7", "shift_jis", "base64", "idna", "punycode", "undefined"])
def test_xml_in_a_strange_encoding(encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode()
    for name, file in (("a.xml", data), ("a.docx", archive({"[Content_Types].xml": data, "a": b""}))):
        with pytest.raises(WrongContent, match="encoding"):
            check(name, file)


def test_a_directory_that_reaches_before_the_beginning() -> None:
    data = office(WORD)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(data), 0, 0)  # 22 bytes too many
    with tempfile.TemporaryFile() as file:
        file.write(data[:-22] + end)
        file.seek(0)
        with pytest.raises(WrongContent):
            KINDS["docx"].check(file)
