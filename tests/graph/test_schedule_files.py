"""A schedule as a file, opened by real readers: the numbers of worked case 5, and sums that agree."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.harness.person import Person
from tests.harness.processes import Sandbox

QUERY = """query($format: ScheduleFormat!, $language: Language) { viewer { clients { nodes { name
    contracts { nodes { number schedules { version totals { net { amount } capital { amount }
    interest { amount } vat { amount } gross { amount } } download(format: $format, language: $language) {
    url expiresAt } } } } } } } }"""
ORIGINAL = 1
COLUMNS = {"net": 3, "capital": 4, "interest": 5, "vat": 7, "gross": 8}


@pytest.fixture(scope="module")
def person(logged_in: Callable[[str], Person]) -> Person:
    return logged_in("0010001")


def schedule(person: Person, form: str, version: int = ORIGINAL, language: str = "PL") -> tuple[str, Any]:
    """The contract's number, and the version of its schedule that has two."""
    (client,) = person.data(QUERY, format=form, language=language)["viewer"]["clients"]["nodes"]
    (contract,) = [each for each in client["contracts"]["nodes"] if len(each["schedules"]) == 2]
    (found,) = [each for each in contract["schedules"] if each["version"] == version]
    return contract["number"], found


def file_of(person: Person, form: str, version: int = ORIGINAL, language: str = "PL") -> bytes:
    answer = person.browser.get(schedule(person, form, version, language)[1]["download"]["url"])
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def plain_text(content: bytes, folder: Path) -> str:
    """Of a PDF, by poppler."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext of poppler-utils")
    (folder / "a.pdf").write_bytes(content)
    command = ["pdftotext", "-layout", str(folder / "a.pdf"), "-"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stderr == ""
    return shown.stdout.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("form", "mime_type", "name"),
    [
        ("PDF", "application/pdf", "Harmonogram {} v1.pdf"),
        (
            "XLSX",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "Harmonogram {} v1.xlsx",
        ),
        ("CSV", "text/csv; charset=utf-8", "Harmonogram {} v1.csv"),
    ],
)
def test_what_is_said_of_the_file(person: Person, form: str, mime_type: str, name: str) -> None:
    number, found = schedule(person, form)
    url = found["download"]["url"]
    answer = person.browser.get(url)
    assert answer.headers["content-type"] == mime_type
    assert f'filename="{name.format(number.replace("/", "-"))}"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    part = person.browser.get(url, headers={"Range": "bytes=1-9"})
    assert (part.status_code, part.content) == (206, answer.content[1:10])
    left = datetime.fromisoformat(found["download"]["expiresAt"]) - datetime.now(UTC)
    assert 200 < left.total_seconds() <= 300


def test_xlsx(person: Person) -> None:
    number, found = schedule(person, "XLSX")
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(person, "XLSX"))).active
    rows = [list(row) for row in sheet.iter_rows()]
    head = {row[0].value: row[2].value for row in rows[1:14]}
    assert head["Numer umowy"] == number
    assert head["Korzystający"] == "Stolarnia Dębowa Sp. z o.o."
    assert head["Wersja harmonogramu"] == "1"
    assert head["Przyczyna"] == "Zawarcie umowy"
    assert (head["Wartość indeksu"], head["Marża (p.p.)"]) == ("5,10%", "2,10")  # together 7,20 %
    assert head["Indeks"].startswith(("WIBOR", "POLSTR", "EURIBOR"))
    (place,) = [index for index, row in enumerate(rows) if row[0].value == "Nr"]
    lines = [row for row in rows[place + 1 :] if isinstance(row[0].value, int)]
    assert [row[0].value for row in lines] == list(range(len(lines)))
    assert all(isinstance(row[2].value, datetime) and row[2].number_format == "dd.mm.yyyy" for row in lines)
    assert all(
        isinstance(row[column].value, int | float) and row[column].number_format == "#,##0.00"
        for row in lines
        for column in (*COLUMNS.values(), 9)
    )
    first = lines[1]
    shown = [first[column].value for column in (3, 4, 5, 6, 7, 8)]
    assert shown == [2832.79, 2292.79, 540, 23, 651.54, 3484.33]
    assert lines[12][9].value == 61560.17
    assert lines[35][3].value == 2832.74
    regular = [row for row in lines if row[1].value == "Rata"]
    assert len(regular) == 35
    totals = {row[0].value: row for row in rows[place + 1 :]}
    for name, column in COLUMNS.items():
        said = Decimal(found["totals"][name]["amount"])
        assert cents(totals["Razem raty"][column].value) == said
        assert sum((cents(row[column].value) for row in regular), Decimal()) == said
        whole = sum((cents(row[column].value) for row in lines), Decimal())
        assert cents(totals["Razem wszystko"][column].value) == whole
    assert cents(totals["Razem raty"][COLUMNS["interest"]].value) == Decimal("10147.60")


def cents(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))


def test_csv_opens_in_a_polish_spreadsheet(person: Person) -> None:
    content = file_of(person, "CSV")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert ["Korzystający", "Stolarnia Dębowa Sp. z o.o."] in rows
    place = rows.index([
        "Nr", "Rodzaj", "Termin płatności", "Netto", "Kapitał", "Odsetki", "Stawka VAT (%)", "VAT", "Brutto",
        "Kapitał pozostały", "Status",
    ])  # fmt: skip
    first = rows[place + 2]
    assert (first[0], first[1]) == ("1", "Rata")
    assert datetime.strptime(first[2], "%d.%m.%Y").date() > date(2020, 1, 1)  # noqa: DTZ007 - a day
    assert first[3:9] == ["2832,79", "2292,79", "540,00", "23", "651,54", "3484,33"]
    assert first[10] in ("Rozliczona", "Zafakturowana", "Po terminie")
    totals = {row[0]: row for row in rows[place:]}
    assert totals["Razem raty"][COLUMNS["interest"]] == "10147,60"


def test_pdf_has_polish_letters_and_numbers(person: Person, tmp_path: Path) -> None:
    number, _ = schedule(person, "PDF")
    content = file_of(person, "PDF")
    text = plain_text(content, tmp_path)
    for words in (
        f"Harmonogram spłat {number}", "Korzystający", "Stolarnia Dębowa Sp. z o.o.", "5,10%",
        "Termin płatności", "Opłata wstępna", "Wartość końcowa", "2 832,79", "2 292,79", "540,00",
        "651,54", "3 484,33", "61 560,17", "10 147,60", "Razem raty", "Strona 1",
    ):  # fmt: skip
        assert words in text, words
    assert b"/FontFile2" in content, "the font must be embedded"


def test_a_revised_version_tells_both_rates(person: Person, tmp_path: Path) -> None:
    text = plain_text(file_of(person, "PDF", version=2), tmp_path)
    assert "Zmiana indeksu" in text
    assert "5,10% od raty nr 1; 4,35% od raty nr 13" in text
    assert "6,45%" in text
    assert "2 811,59" in text


def test_in_english(person: Person, tmp_path: Path) -> None:
    text = plain_text(file_of(person, "PDF", language="EN"), tmp_path)
    assert "Payment schedule" in text
    assert "2,832.79" in text
    content = file_of(person, "CSV", language="EN").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    assert ["1", "Instalment"] in [row[:2] for row in rows]
    assert "2832.79" in content


@pytest.mark.parametrize("form", ["PDF", "XLSX", "CSV"])
def test_a_schedule_is_whole_or_not_at_all(person: Person, backoffice: Sandbox, form: str) -> None:
    url = schedule(person, form)[1]["download"]["url"]
    for fault, status in (({"status": 503}, 503), ({"mode": "wrong-types"}, 502), ({"mode": "lie"}, 502)):
        with backoffice.fault("/v1/instalments/list", **fault):
            assert person.browser.get(url).status_code == status
    assert person.browser.get(url).status_code == 200


def test_somebody_else_s_link(person: Person, logged_in: Callable[[str], Person]) -> None:
    url = schedule(person, "CSV")[1]["download"]["url"]
    assert logged_in("0010003").browser.get(url).status_code == 404
