"""Conditions and orders of invoices, in Tryton's terms.

No database computes amounts due and statuses: conditions narrow a question as far as Tryton's fields say it,
what `fitting` gives decides by the figures, and an order by them is refused.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.erp.queries import Direction, InvoiceFilter, InvoiceStatus, Slice
from connectors.erp.records.invoice import InvoiceKind
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.listing import Column, Position
from connectors.erp.tryton.rows import InvoiceRow
from connectors.erp.tryton.settling import amount_due, credits_of, due_date
from connectors.erp.tryton.values import Domain, amount, day
from connectors.errors import NotAnswerable

NEWEST = Column("invoice_date")
ISSUED: Domain = [
    ["type", "=", "out"],
    ["state", "in", ["posted", "paid", "cancelled"]],
    ["number", "!=", None],
    ["invoice_date", "!=", None],
]
"""What is an invoice to a client: no drafts, and none of a supplier's."""

BELOW_ZERO: Domain = ["total_amount_cache", "<", amount(Decimal(0))]
"""What is a correction."""

RECEIVABLE: Domain = [["account.type.receivable", "=", True]]


def column_of(system: str, part: Slice) -> Column:
    """The column of a list's order. Raises NotAnswerable."""
    if part.order is None:
        return NEWEST
    columns = {"issueDate": "invoice_date", "gross": "total_amount_cache"}
    if part.order.by not in columns:
        raise NotAnswerable(system, f"invoices can't be sorted by {part.order.by}")
    return Column(columns[part.order.by], descending=part.order.direction is Direction.DESC)


def position_of(system: str, part: Slice) -> Position | None:
    """Where a slice begins. Raises NotAnswerable for a position that no list of ours gave."""
    if part.after is None:
        return None
    value, number = part.after
    try:
        by_amount = part.order is not None and part.order.by == "gross"
        told = amount(Decimal(value)) if by_amount else day(date.fromisoformat(value))
        return told, int(number)
    except (ValueError, ArithmeticError) as error:
        raise NotAnswerable(system, "the position is none of this list's") from error


def conditions(system: str, where: InvoiceFilter, choices: Choices, today: date) -> Domain:
    """The conditions as far as Tryton can hold them. Raises NotAnswerable for what it knows nothing of."""
    for name, value in (("vin", where.vin), ("ksefNumber", where.ksef_number)):
        if value is not None:
            raise NotAnswerable(system, f"invoices can't be found by {name}")
    found = list(ISSUED)
    simple: list[tuple[str, str, Any]] = [
        ("invoice_date", ">=", where.issued_from and day(where.issued_from)),
        ("invoice_date", "<=", where.issued_to and day(where.issued_to)),
        ("number", "=", where.number),
        ("number", "ilike", where.number_contains and f"%{escaped(where.number_contains)}%"),
        ("currency.code", "=", where.currency),
        ("total_amount_cache", ">=", None if where.gross_from is None else amount(where.gross_from)),
        ("total_amount_cache", "<=", None if where.gross_to is None else amount(where.gross_to)),
    ]
    found += [[name, operator, value] for name, operator, value in simple if value is not None]
    if where.contract_number is not None:
        found.append(of_contracts([where.contract_number]))
    if where.due_from or where.due_to:
        # A correction with no line to pay falls due on the day of its issue.
        matured = [["maturity_date", ">=", day(where.due_from)]] if where.due_from else []
        matured += [["maturity_date", "<=", day(where.due_to)]] if where.due_to else []
        found.append(["move.lines", "where", [*RECEIVABLE, *matured]])
    if where.kinds:
        found.append(["OR", *(_of_kind(kind, choices) for kind in where.kinds)])
    if where.statuses:
        found.append(["OR", *(_of_status(status, today) for status in where.statuses)])
    return found


def of_contracts(numbers: list[str]) -> Domain:
    """Invoices of contracts, and their corrections."""
    return ["OR", ["reference", "in", numbers], ["origin_invoices.reference", "in", numbers]]


def _of_kind(kind: InvoiceKind, choices: Choices) -> Domain:
    if kind is InvoiceKind.CORRECTION:
        return [BELOW_ZERO]
    not_below: Domain = ["total_amount_cache", ">=", amount(Decimal(0))]
    codes = [code for code, meant in choices.kinds.items() if meant is kind]
    ways: list[Domain] = [["lines.product.code", "in", codes]] if codes else []
    if kind is choices.other_kind:
        ways += [["lines", "=", None], ["lines.product", "=", None]]
        ways.append(["lines.product.code", "not in", list(choices.kinds)])
    return [not_below, ["OR", *ways] if ways else ["id", "=", None]]


def _of_status(status: InvoiceStatus, today: date) -> Domain:
    posted: Domain = ["state", "=", "posted"]
    opened: Domain = [*RECEIVABLE, ["reconciliation", "=", None], ["debit", ">", amount(Decimal(0))]]
    match status:
        case InvoiceStatus.CANCELLED:
            return [["state", "=", "cancelled"]]
        case InvoiceStatus.PAID:
            nothing_due: Domain = ["total_amount_cache", "<=", amount(Decimal(0))]
            return [
                "OR",
                ["state", "=", "paid"],
                [posted, ["OR", nothing_due, ["payment_lines", "!=", None]]],
            ]
        case InvoiceStatus.OVERDUE:
            return [posted, ["move.lines", "where", [*opened, ["maturity_date", "<", day(today)]]]]
        case InvoiceStatus.PARTIALLY_SETTLED:
            settled = ["move.lines", "where", [*RECEIVABLE, ["reconciliation", "!=", None]]]
            return [posted, ["OR", ["payment_lines", "!=", None], settled]]
        case InvoiceStatus.ISSUED:
            return [posted]


def fitting(where: InvoiceFilter, choices: Choices, today: date) -> Callable[[InvoiceRow], bool] | None:
    """What the question could not say; None where it said everything."""
    if not (where.kinds or where.statuses or where.due_from or where.due_to):
        return None

    def fits(row: InvoiceRow) -> bool:
        due = due_date(row)
        return (
            (not where.kinds or kind_of_invoice(row, choices) in where.kinds)
            and (not where.statuses or status_of(row, today) in where.statuses)
            and (where.due_from is None or due >= where.due_from)
            and (where.due_to is None or due <= where.due_to)
        )

    return fits


def kind_of_invoice(row: InvoiceRow, choices: Choices) -> InvoiceKind:
    """What an invoice is for: the first of its lines that says so decides."""
    if row.total_amount.decimal < 0:
        return InvoiceKind.CORRECTION
    codes = (line.product.code or "" for line in row.lines if line.product is not None)
    return next((choices.kinds[code] for code in codes if code in choices.kinds), choices.other_kind)


def status_of(row: InvoiceRow, today: date) -> InvoiceStatus:
    """Where an invoice stands, as the graph says it."""
    if row.state == "cancelled":
        return InvoiceStatus.CANCELLED
    if is_paid(row):
        return InvoiceStatus.PAID
    if today > due_date(row):
        return InvoiceStatus.OVERDUE
    return InvoiceStatus.PARTIALLY_SETTLED if credits_of(row) else InvoiceStatus.ISSUED


def is_paid(row: InvoiceRow) -> bool:
    """Whether nothing is left to be paid: Tryton itself waits with its "paid" until lines are reconciled."""
    return row.state == "paid" or (row.state == "posted" and amount_due(row) == 0)


def escaped(text: str) -> str:
    """Text in which nothing stands for anything else in a `like`."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
