"""A schedule as a PDF to print, with an embedded font that has the Polish letters (Lato, SIL OFL 1.1)."""

import io
from functools import cache
from importlib.resources import as_file, files
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from resolvers.schedule_files.heading import COLUMNS, heading
from resolvers.schedule_files.locales import Locale
from resolvers.schedule_files.sheet import Sheet

_PLAIN, _BOLD = "Lato-Regular", "Lato-Bold"
_WIDTHS = [width * mm for width in (10, 29, 27, 25, 25, 23, 18, 23, 25, 29, 27)]
_LEFT = {"kind", "due_date", "status"}


@cache
def _register() -> None:
    for name in (_PLAIN, _BOLD):
        with as_file(files("fontpkg_lato") / "files" / f"{name}.ttf") as path:
            registerFont(TTFont(name, path))


def make(sheet: Sheet, language: Locale) -> bytes:
    """The file; the same bytes for the same records."""
    _register()
    file = io.BytesIO()
    title = f"{language.word('title')} {sheet.contract.number}"
    document = SimpleDocTemplate(
        file, pagesize=landscape(A4), leftMargin=15 * mm, rightMargin=15 * mm, topMargin=14 * mm,
        bottomMargin=16 * mm, title=title, lang=language.code, invariant=True,
    )  # fmt: skip

    def footer(canvas: Any, page: Any) -> None:
        canvas.setFont(_PLAIN, 8)
        canvas.drawString(15 * mm, 9 * mm, title)
        canvas.drawRightString(
            landscape(A4)[0] - 15 * mm, 9 * mm, language.word("page").format(page=page.page)
        )

    story = [
        Paragraph(escape(title), ParagraphStyle("title", fontName=_BOLD, fontSize=15, leading=20)),
        _heading(sheet, language),
        Spacer(1, 5 * mm),
        _table(sheet, language),
    ]
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return file.getvalue()


def _heading(sheet: Sheet, language: Locale) -> Any:
    text = ParagraphStyle("text", fontName=_PLAIN, fontSize=9, leading=12)
    lines = [[label, Paragraph(escape(value), text)] for label, value in heading(sheet, language)]
    table = Table(lines, colWidths=[45 * mm, 200 * mm], hAlign="LEFT")
    table.setStyle([
        ("FONT", (0, 0), (0, -1), _BOLD, 9, 12),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ])  # fmt: skip
    return table


def _table(sheet: Sheet, language: Locale) -> Any:
    left_head = ParagraphStyle("left", fontName=_BOLD, fontSize=8, leading=10)
    right_head = ParagraphStyle("right", left_head, alignment=TA_RIGHT)
    rows: list[list[Any]] = [
        [Paragraph(language.word(key), left_head if key in _LEFT else right_head) for key in COLUMNS]
    ]
    rows += [
        [
            str(row.number), language.kind(row.kind), language.day(row.due_date), language.amount(row.net),
            language.amount(row.capital), language.amount(row.interest), language.percent(row.vat_rate),
            language.amount(row.vat), language.amount(row.gross),
            language.amount(row.outstanding_capital_after), language.status(row.status),
        ]
        for row in sheet.instalments
    ]  # fmt: skip
    for key, totals in (("regular_totals", sheet.regular_totals()), ("whole_totals", sheet.whole_totals())):
        cells = {column: language.amount(amount) for column, amount in totals.items()}
        rows.append([language.word(key), *(cells.get(column, "") for column in COLUMNS[1:])])
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    left = [("ALIGN", (place, 0), (place, -1), "LEFT") for place, key in enumerate(COLUMNS) if key in _LEFT]
    table.setStyle([
        ("FONT", (0, 1), (-1, -3), _PLAIN, 8, 10),
        ("FONT", (0, -2), (-1, -1), _BOLD, 8, 10),
        ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
        *left,
        ("ALIGN", (0, -2), (0, -1), "LEFT"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -3), 0.25, colors.lightgrey),
        ("LINEABOVE", (0, -2), (-1, -2), 0.8, colors.black),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ])  # fmt: skip
    return table
