"""What an ERP holds: the worked numbers of a part payment, a correction, an overpayment and a schedule.

Amounts and relations are fixed; numbers and logins are what `dataclasses.replace` puts in where a system
gives its own. Days are told from the system's own day.
"""

from dataclasses import dataclass
from decimal import Decimal

from connectors.erp.records.invoice import AllocationKind, InvoiceState


@dataclass(frozen=True)
class ErpData:
    """Two clients that have something in every part."""

    client: str = "0010001"
    other: str = "0010002"


@dataclass(frozen=True)
class WorkedInvoice:
    """An invoice in PLN. `due_in_days` counts from the system's day; `allocated` is what settled it."""

    number: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    allocated: Decimal
    by: AllocationKind
    amount_due: Decimal
    state: InvoiceState
    due_in_days: int


@dataclass(frozen=True)
class BooksData(ErpData):
    """`client` owes nothing but the worked invoices. The contracts are one of each client's, with invoices.

    Of the overpaid invoice 200.00 was paid: 77.00 of it is the client's unallocated credit.
    """

    contract: str = "UL/1/2026"
    other_contract: str = "UL/2/2026"
    correction: str = "KOR/1/2026"
    part_paid: WorkedInvoice = WorkedInvoice(
        "FV/1/2026", Decimal("2000.00"), Decimal("460.00"), Decimal("2460.00"), Decimal("1000.00"),
        AllocationKind.PAYMENT, Decimal("1460.00"), InvoiceState.OPEN, -26,
    )  # fmt: skip
    corrected: WorkedInvoice = WorkedInvoice(
        "FV/2/2026", Decimal("2000.00"), Decimal("460.00"), Decimal("2460.00"), Decimal("615.00"),
        AllocationKind.CORRECTION, Decimal("1845.00"), InvoiceState.OPEN, 10,
    )  # fmt: skip
    overpaid: WorkedInvoice = WorkedInvoice(
        "FV/3/2026", Decimal("100.00"), Decimal("23.00"), Decimal("123.00"), Decimal("123.00"),
        AllocationKind.PAYMENT, Decimal("0.00"), InvoiceState.PAID, -46,
    )  # fmt: skip
    open: Decimal = Decimal("3305.00")
    overdue: Decimal = Decimal("1460.00")
    unallocated: Decimal = Decimal("77.00")
    receivable: Decimal = Decimal("3228.00")


@dataclass(frozen=True)
class ContractsData(ErpData):
    """`contract` is of `client`: 100 000.00 PLN net, 10 % initial fee, residual 1 000.00, 35 instalments at
    7.20 %, each with 23 % VAT."""

    contract: str = "UL/1/2026"
    other_contract: str = "UL/2/2026"
    asset_value: Decimal = Decimal("100000.00")
    initial_fee: Decimal = Decimal("10000.00")
    residual_value: Decimal = Decimal("1000.00")
    term_months: int = 35
    first_instalment: tuple[Decimal, ...] = (
        Decimal("2832.79"), Decimal("2292.79"), Decimal("540.00"), Decimal("651.54"), Decimal("3484.33"),
    )  # fmt: skip
    """Net, capital, interest, VAT, gross."""
    last_net: Decimal = Decimal("2832.74")
    capital: Decimal = Decimal("89000.00")
    interest: Decimal = Decimal("10147.60")
    balance_after_12: Decimal = Decimal("61560.17")


@dataclass(frozen=True)
class UsersData(ErpData):
    """`owner` is the login of the only OWNER of `client`, `other_owner` of `other`."""

    owner: str = "0010001"
    other_owner: str = "0010002"


@dataclass(frozen=True)
class RequestsData(ErpData):
    """Contracts of both clients that requests can be made about, and the fee of an opinion, gross in PLN."""

    contract: str = "UL/1/2026"
    other_contract: str = "UL/2/2026"
    opinion_fee: Decimal = Decimal("123.00")
