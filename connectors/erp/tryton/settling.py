"""What settles an invoice: its open items, and what they were set against or reconciled with.

The sum of `amount_to_pay` over a client counts a correction twice that was set against an invoice, and misses
what was paid too much; the lines of the receivable account count everything once.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from connectors.erp.records.invoice import AllocationKind
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.rows import InvoiceRow, Item

ZERO = Decimal(0)


class Match(NamedTuple):
    """So much of a credit went into a debit. The debit is None where only its invoice is known."""

    credit: Item
    debit: Item | None
    amount: Decimal


def due_on(item: Item) -> date:
    """When a line falls due."""
    return (item.maturity_date or item.date).date


def matches(group: Sequence[Item]) -> Iterator[Match]:
    """Who settled whom among lines that were reconciled with each other.

    Tryton doesn't say. A credit that was set against an invoice goes there; what is left goes to the debits
    by due date, oldest credit first: the same whichever of its invoices or payments is asked about.
    """
    debits = sorted((each for each in group if each.value > 0), key=lambda each: (due_on(each), each.id))
    gifts = sorted((each for each in group if each.value < 0), key=lambda each: (each.date.date, each.id))
    needed = {each.id: each.value for each in debits}
    given = {each.id: -each.value for each in gifts}
    for attached in (True, False):
        for credit in gifts:
            for debit in debits:
                if attached and (
                    credit.invoice_payment is None or credit.invoice_payment != debit.origin_invoice
                ):
                    continue
                part = min(needed[debit.id], given[credit.id])
                if part:
                    needed[debit.id] -= part
                    given[credit.id] -= part
                    yield Match(credit, debit, part)


def credits_of(invoice: InvoiceRow) -> list[Match]:
    """What lowers the amount due of an invoice, one match a credit, oldest first."""
    if invoice.total_amount.decimal <= 0 or invoice.state == "cancelled":
        return []
    own = {each.id for each in invoice.lines_to_pay}
    reconciled = {
        each.reconciliation.id: each.reconciliation for each in invoice.lines_to_pay if each.reconciliation
    }
    found: dict[int, Match] = {}
    for group in reconciled.values():
        for match in matches(group.lines):
            if match.debit is not None and match.debit.id in own:
                known = found.get(match.credit.id)
                found[match.credit.id] = match._replace(
                    amount=match.amount + (known.amount if known else ZERO)
                )
    for line in invoice.payment_lines:
        if line.reconciliation is None:
            found[line.id] = Match(line, None, -line.value)
    return sorted(found.values(), key=lambda each: (each.credit.date.date, each.credit.id))


def amount_due(invoice: InvoiceRow) -> Decimal:
    """What is still asked for, never below zero; of a correction nothing: it counts where it was set."""
    if invoice.state != "posted" or invoice.total_amount.decimal <= 0:
        return ZERO
    return max(ZERO, invoice.total_amount.decimal - sum((each.amount for each in credits_of(invoice)), ZERO))


def due_date(invoice: InvoiceRow) -> date:
    """The first day on which something still open falls due; when nothing is open, the last."""
    opened = [due_on(each) for each in invoice.lines_to_pay if each.reconciliation is None]
    if opened:
        return min(opened)
    return max((due_on(each) for each in invoice.lines_to_pay), default=invoice.invoice_date.date)


def kind_of(credit: Item, invoice_id: int, amount: Decimal, choices: Choices) -> AllocationKind:
    """What a credit is to an invoice."""
    origin, journal = credit.origin_invoice, credit.move.journal.type
    if amount < 0:
        return AllocationKind.REVERSAL
    if journal == "write-off":
        return AllocationKind.WRITE_OFF
    if journal in choices.payment_journals:
        paid_for_another = origin not in (None, invoice_id)
        return AllocationKind.OVERPAYMENT if paid_for_another else AllocationKind.PAYMENT
    return AllocationKind.COMPENSATION if origin in (None, invoice_id) else AllocationKind.CORRECTION
