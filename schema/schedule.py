"""Schedule: when to pay what over a contract's life."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from connectors.erp.records.schedule import (
    InstalmentKind,
    InstalmentStatus,
    ScheduleReason,
)
from connectors.erp.records.schedule import (
    ScheduleTotals as TotalsRecord,
)
from resolvers.contracts import contracts_by_id
from resolvers.derived import derived
from resolvers.invoices import invoices_by_number
from resolvers.relation import Relation
from resolvers.schedule_files.choice import ScheduleFormat
from resolvers.schedules import instalments_of, schedule_link
from schema.download import Download
from schema.fields import ALWAYS, Info, argument, computed, described, enum, money, related
from schema.language import Language
from schema.money import Money, money_of
from schema.node import Node, Source, sourced

if TYPE_CHECKING:
    from schema.contract import Contract
    from schema.invoice import Invoice

enum(
    ScheduleReason,
    "Why a version of a schedule came to be.",
    {
        "ORIGINAL": "The contract was signed.",
        "INDEX_REVISION": "The index of a floating rate was read anew.",
        "ANNEX": "An annex changed the contract.",
        "EARLY_REPAYMENT": "A part was repaid early.",
    },
)
enum(
    InstalmentKind,
    "What an instalment is.",
    {
        "INITIAL": "The initial fee.",
        "REGULAR": "A regular instalment.",
        "RESIDUAL": "The residual value at the end.",
    },
)
enum(
    InstalmentStatus,
    "Where an instalment stands.",
    {
        "PLANNED": "Not yet invoiced.",
        "INVOICED": "Invoiced and not yet settled.",
        "SETTLED": "Its invoice is settled.",
        "OVERDUE": "Its invoice is past the due date.",
    },
)


@strawberry.type(description="One line of a payment schedule.")
class Instalment:
    number: int = described("0 for the initial fee, then counted from 1.")
    due_date: date = described("The day by which it is to be paid.")
    kind: InstalmentKind = described("What it is.")
    net: Money = money("net", "Net amount: capital and interest.")
    capital: Money = money("capital", "The part that repays the financed amount.")
    interest: Money = money("interest", "The part that is interest.")
    vat_rate: Decimal = described("Rate of the value-added tax in percent.")
    vat: Money = money("vat", "Value-added tax.")
    gross: Money = money("gross", "Gross amount.")
    outstanding_capital_after: Money = money(
        "outstanding_capital_after", "The financed amount that is left once this is paid."
    )
    reference_rate: Decimal | None = described(
        "Value of the reference index for it, in percent and before the margin; null where there is none."
    )
    status: InstalmentStatus = described("Where it stands.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        Relation(invoices_by_number, "invoice_number"), "The invoice for it."
    )


@strawberry.type(description="Sums over the regular instalments: without initial fee and residual value.")
class ScheduleTotals:
    net: Money = described("Net amounts.")
    capital: Money = described("Capital parts.")
    interest: Money = described("Interest parts.")
    vat: Money = described("Value-added tax.")
    gross: Money = described("Gross amounts.")


@derived
def _totals(totals: TotalsRecord, currency: str) -> Any:
    return ScheduleTotals(
        net=money_of(totals.net, currency),
        capital=money_of(totals.capital, currency),
        interest=money_of(totals.interest, currency),
        vat=money_of(totals.vat, currency),
        gross=money_of(totals.gross, currency),
    )


def _download(
    root: strawberry.Parent[Any],
    info: Info,
    format: Annotated[ScheduleFormat, argument("What the file is.")],
    language: Annotated[Language, argument("Its language.")] = Language.PL,
) -> Any:
    return schedule_link(info.context, root, format, language)


@strawberry.type(description="A version of a contract's payment schedule.")
class Schedule(Node):
    version: int = described("Counted from 1.")
    effective_from: date = described("The day from which it holds.")
    reason: ScheduleReason = described("Why it came to be.")
    superseded_on: date | None = described("The day from which a newer version holds; null for the current.")
    totals: ScheduleTotals = computed(_totals, "Sums over the regular instalments.")
    contract: Annotated["Contract", strawberry.lazy("schema.contract")] | None = related(
        Relation(contracts_by_id, "contract_id"), "The contract that it belongs to."
    )
    instalments: list[Instalment | None] | None = related(
        instalments_of, "Its lines in the order of their numbers."
    )
    download: Download = strawberry.field(
        resolver=_download,
        description="A short-lived link to it as a file, for the viewer only.",
        metadata=ALWAYS,
    )
    source: Source = sourced("contracts")
