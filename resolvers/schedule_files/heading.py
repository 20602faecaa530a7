"""The lines above a schedule's table: whose it is, which version, at which rate."""

from zoneinfo import ZoneInfo

from resolvers.schedule_files.locales import Locale
from resolvers.schedule_files.sheet import Sheet

_WARSAW = ZoneInfo("Europe/Warsaw")

COLUMNS = (
    "number", "kind", "due_date", "net", "capital", "interest", "vat_rate", "vat", "gross",
    "outstanding_capital_after", "status",
)  # fmt: skip
"""Of the table, by the key of their words."""


def heading(sheet: Sheet, language: Locale) -> list[tuple[str, str]]:
    """Label and value of each line."""
    contract, schedule, rate = sheet.contract, sheet.schedule, sheet.contract.rate
    lines = [
        ("contract", contract.number),
        ("client", sheet.client.name),
        ("client_number", sheet.client.number),
        ("nip", sheet.client.nip or ""),
        ("version", str(schedule.version)),
        ("effective_from", language.day(schedule.effective_from)),
        ("reason", language.reason(schedule.reason)),
        ("index", rate.index or language.word("fixed")),
        ("reference_rate", _reference_rates(sheet, language)),
        ("margin", "" if rate.margin is None else language.plain(rate.margin)),
        ("spread", "" if rate.spread_adjustment is None else language.plain(rate.spread_adjustment)),
        ("rate", f"{language.plain(rate.current)}%"),
        ("currency", schedule.currency),
        ("as_of", language.day(schedule.as_of.astimezone(_WARSAW).date())),
    ]
    return [(language.word(key), value) for key, value in lines if value]


def _reference_rates(sheet: Sheet, language: Locale) -> str:
    """`5,10%`, or where it changes: `5,10% od raty nr 1; 4,35% od raty nr 13`; none of a fixed rate."""
    rates = [(number, f"{language.plain(rate)}%") for number, rate in sheet.reference_rates()]
    if len(rates) == 1:
        return rates[0][1]
    since = language.word("from_number")
    return "; ".join(f"{rate} {since.format(number=number)}" for number, rate in rates)
