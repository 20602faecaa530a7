"""The words of a schedule's file, and how numbers and days are written, by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connectors.erp.records.schedule import InstalmentKind, InstalmentStatus, ScheduleReason
from resolvers.language import Language
from resolvers.schedule_files.words import EN, PL

NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True, slots=True)
class Locale:
    """`words` by key; `days` is a strftime pattern, `excel_days` the same for spreadsheets."""

    code: str
    words: Mapping[str, str]
    decimal_mark: str
    group_mark: str
    separator: str
    days: str
    excel_days: str

    def word(self, key: str) -> str:
        """The text with this key."""
        return self.words[key]

    def day(self, value: date) -> str:
        """22.11.2026, or 2026-11-22."""
        return value.strftime(self.days)

    def amount(self, value: Decimal) -> str:
        """1 234,56 with a space that doesn't break, or 1,234.56."""
        return self._marked(f"{value:,.2f}")

    def plain(self, value: Decimal) -> str:
        """1234,56: without marks between thousands, as spreadsheets read a number."""
        return f"{value:.2f}".replace(".", self.decimal_mark)

    def percent(self, value: Decimal) -> str:
        """7,20 or 23: as the back office says it, without needless zeros behind a whole number."""
        shown = f"{value:f}"
        whole, _, places = shown.partition(".")
        return whole if not places.strip("0") else shown.replace(".", self.decimal_mark)

    def kind(self, kind: InstalmentKind) -> str:
        """What an instalment is."""
        return self.words[f"kind.{kind.value}"]

    def status(self, status: InstalmentStatus) -> str:
        """Where an instalment stands."""
        return self.words[f"status.{status.value}"]

    def reason(self, reason: ScheduleReason) -> str:
        """Why a version came to be."""
        return self.words[f"reason.{reason.value}"]

    def _marked(self, shown: str) -> str:
        marks = str.maketrans({",": self.group_mark, ".": self.decimal_mark})
        return shown.translate(marks)


LOCALES = {
    Language.PL: Locale("pl", PL, ",", NO_BREAK_SPACE, ";", "%d.%m.%Y", "dd.mm.yyyy"),
    Language.EN: Locale("en", EN, ".", ",", ",", "%Y-%m-%d", "yyyy-mm-dd"),
}
