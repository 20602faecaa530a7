"""The lines above a schedule's table: whose it is, which version, at which rate."""

from zoneinfo import ZoneInfo

from resolvers.schedule_files.languages import Language
from resolvers.schedule_files.sheet import Sheet

_WARSAW = ZoneInfo("Europe/Warsaw")

COLUMNS = (
    "number", "kind", "due_date", "net", "capital", "interest", "vat_rate", "vat", "gross",
    "outstanding_capital_after", "status",
)  # fmt: skip
"""Of the table, by the key of their words."""


def heading(sheet: Sheet, language: Language) -> list[tuple[str, str]]:
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
        ("margin", "" if rate.margin is None else language.plain(rate.margin)),
        ("rate", _rates(sheet, language)),
        ("currency", schedule.currency),
        ("as_of", language.day(schedule.as_of.astimezone(_WARSAW).date())),
    ]
    return [(language.word(key), value) for key, value in lines if value]


def _rates(sheet: Sheet, language: Language) -> str:
    """`7,20%`, or where it changes: `7,20% od raty nr 1; 6,45% od raty nr 13`."""
    rates = [(number, f"{language.plain(rate)}%") for number, rate in sheet.rates()]
    if len(rates) == 1:
        return rates[0][1]
    since = language.word("from_number")
    return "; ".join(f"{rate} {since.format(number=number)}" for number, rate in rates)
