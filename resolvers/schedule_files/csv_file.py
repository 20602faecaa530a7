"""A schedule as CSV (RFC 4180), so that a spreadsheet in its language opens it right.

With a byte order mark, since Excel takes UTF-8 for the machine's code page without one; in Polish separated
by semicolons, with a decimal comma.
"""

import csv
import io

from resolvers.schedule_files.heading import COLUMNS, heading
from resolvers.schedule_files.locales import Locale
from resolvers.schedule_files.sheet import Sheet

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins like this is run by spreadsheets (CWE-1236)."""


def make(sheet: Sheet, language: Locale) -> bytes:
    """The file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=language.separator)
    writer.writerow([language.word("title")])
    writer.writerows([label, _safe(value)] for label, value in heading(sheet, language))
    writer.writerow([])
    writer.writerow(language.word(column) for column in COLUMNS)
    for row in sheet.instalments:
        writer.writerow([
            row.number, language.kind(row.kind), language.day(row.due_date), language.plain(row.net),
            language.plain(row.capital), language.plain(row.interest), language.percent(row.vat_rate),
            language.plain(row.vat), language.plain(row.gross),
            language.plain(row.outstanding_capital_after), language.status(row.status),
        ])  # fmt: skip
    for key, totals in (("regular_totals", sheet.regular_totals()), ("whole_totals", sheet.whole_totals())):
        cells = {column: language.plain(amount) for column, amount in totals.items()}
        writer.writerow([language.word(key), *(cells.get(column, "") for column in COLUMNS[1:])])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
