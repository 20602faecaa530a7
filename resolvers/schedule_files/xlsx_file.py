"""A schedule as an Excel workbook: numbers are numbers and days are days, shown by their formats."""

import io
from datetime import UTC
from typing import Any

import xlsxwriter

from resolvers.schedule_files.heading import COLUMNS, heading
from resolvers.schedule_files.locales import Locale
from resolvers.schedule_files.sheet import Sheet

_WIDTHS = (6, 17, 17, 14, 14, 14, 15, 14, 14, 19, 15)
_MONEY = "#,##0.00"  # Excel shows it with the marks of its own language


def make(sheet: Sheet, language: Locale) -> bytes:
    """The file; the same bytes for the same records."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    made = sheet.schedule.as_of.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": language.word("title"), "created": made})
    page = book.add_worksheet(language.word("file"))
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    bold = book.add_format({"bold": True})
    page.write_string(0, 0, language.word("title"), book.add_format({"bold": True, "font_size": 14}))
    line = 1
    for label, value in heading(sheet, language):
        page.write_string(line, 0, label, bold)
        page.write_string(line, 2, value)
        line += 1
    line += 1
    for column, key in enumerate(COLUMNS):
        page.write_string(line, column, language.word(key), book.add_format({"bold": True, "bottom": 1}))
    page.repeat_rows(line)
    page.freeze_panes(line + 1, 0)
    line = _rows(book, page, line + 1, sheet, language)
    total = book.add_format({"bold": True, "num_format": _MONEY})
    for key, totals in (("regular_totals", sheet.regular_totals()), ("whole_totals", sheet.whole_totals())):
        page.write_string(line, 0, language.word(key), bold)
        for name, amount in totals.items():
            page.write_number(line, COLUMNS.index(name), float(amount), total)
        line += 1
    book.close()
    return file.getvalue()


def _rows(book: Any, page: Any, line: int, sheet: Sheet, language: Locale) -> int:
    """Writes the instalments from `line` on; says the line behind them."""
    money = book.add_format({"num_format": _MONEY})
    day = book.add_format({"num_format": language.excel_days, "align": "left"})
    for row in sheet.instalments:
        page.write_number(line, 0, row.number)
        page.write_string(line, 1, language.kind(row.kind))
        page.write_datetime(line, 2, row.due_date, day)
        page.write_number(line, COLUMNS.index("vat_rate"), float(row.vat_rate))
        for name in ("net", "capital", "interest", "vat", "gross", "outstanding_capital_after"):
            page.write_number(line, COLUMNS.index(name), float(getattr(row, name)), money)
        page.write_string(line, COLUMNS.index("status"), language.status(row.status))
        line += 1
    return line
