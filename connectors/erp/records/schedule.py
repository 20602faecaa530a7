"""Payment schedules: versioned, since an index revision or an annex makes a new one."""

from datetime import date
from decimal import Decimal

import msgspec

from connectors.record import Code, Record


class ScheduleReason(Code):
    """Why a version came to be."""

    ORIGINAL = "ORIGINAL"
    INDEX_REVISION = "INDEX_REVISION"
    ANNEX = "ANNEX"
    EARLY_REPAYMENT = "EARLY_REPAYMENT"
    UNKNOWN = "UNKNOWN"


class ScheduleTotals(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """Sums over all instalments of a version."""

    net: Decimal
    capital: Decimal
    interest: Decimal
    vat: Decimal
    gross: Decimal


class ScheduleRecord(Record, frozen=True):
    """One version of a contract's schedule; the current one has no `superseded_on`."""

    id: str
    client_number: str
    contract_id: str
    version: int
    effective_from: date
    reason: ScheduleReason
    superseded_on: date | None
    currency: str
    totals: ScheduleTotals


class InstalmentKind(Code):
    """Initial fee, regular instalment, or the residual value at the end."""

    INITIAL = "INITIAL"
    REGULAR = "REGULAR"
    RESIDUAL = "RESIDUAL"
    UNKNOWN = "UNKNOWN"


class InstalmentStatus(Code):
    """Whether it has been invoiced and paid."""

    PLANNED = "PLANNED"
    INVOICED = "INVOICED"
    SETTLED = "SETTLED"
    OVERDUE = "OVERDUE"
    UNKNOWN = "UNKNOWN"


class InstalmentRecord(Record, frozen=True):
    """One line of a schedule. Rates in percent; `outstanding_capital_after` remains once it is paid."""

    always = frozenset({"client_number", "schedule_id"})
    shown = frozenset({"net", "capital", "interest", "vat", "gross", "outstanding_capital_after"})

    id: str
    client_number: str
    schedule_id: str
    number: int
    due_date: date
    kind: InstalmentKind
    currency: str
    net: Decimal
    capital: Decimal
    interest: Decimal
    vat_rate: Decimal
    vat: Decimal
    gross: Decimal
    outstanding_capital_after: Decimal
    reference_rate: Decimal | None
    invoice_number: str | None
    status: InstalmentStatus
