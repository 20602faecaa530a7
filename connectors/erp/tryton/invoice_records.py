"""Invoices and what settles them, as records."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connectors.erp.records.invoice import (
    AllocationKind,
    AllocationRecord,
    InvoiceRecord,
    InvoiceState,
)
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.invoice_terms import Dunning, VatSum
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.invoice_finding import is_paid, kind_of_invoice
from connectors.erp.tryton.rows import InvoiceHead, InvoiceRow, Item, LineRow, Rate
from connectors.erp.tryton.service import owner_of
from connectors.erp.tryton.settling import ZERO, amount_due, credits_of, due_date, kind_of

WARSAW = ZoneInfo("Europe/Warsaw")
PERCENT = Decimal(100)
PLACES = Decimal("0.01")


def now() -> datetime:
    """The moment at which an answer holds: Tryton tells none, so it is that of reading it."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Poland."""
    return now().astimezone(WARSAW).date()


def client_number(head: Any) -> str:
    """Whose a row is; of a party without a code nobody's."""
    return owner_of(head) or ""


def contract_number(head: InvoiceHead) -> str | None:
    """The contract's number: the reference; a correction's is that of the invoice that it corrects."""
    below_zero = head.total_amount_cache is not None and head.total_amount_cache.decimal < 0
    if below_zero and head.origin_invoices:
        return head.origin_invoices[0].reference or None
    return head.reference or None


def invoice_record(row: InvoiceRow, choices: Choices, dunning: Dunning | None) -> InvoiceRecord:
    """An invoice. Raises ValueError for dates and amounts that are none."""
    lowering = credits_of(row)
    kinds = [kind_of(each.credit, row.id, each.amount, choices) for each in lowering]
    corrected = [
        each.amount for each, kind in zip(lowering, kinds, strict=True) if kind is AllocationKind.CORRECTION
    ]
    gross, due = row.total_amount.decimal, amount_due(row)
    paid, cancelled = is_paid(row), row.state == "cancelled"
    state = InvoiceState.CANCELLED if cancelled else InvoiceState.PAID if paid else InvoiceState.OPEN
    return InvoiceRecord(
        as_of=now(),
        id=str(row.id),
        number=row.number,
        client_number=client_number(row),
        contract_number=contract_number(row),
        kind=kind_of_invoice(row, choices),
        issue_date=row.invoice_date.date,
        sale_date=None,
        due_date=due_date(row),
        currency=row.currency.code or "",
        net=money(row.untaxed_amount.decimal),
        vat=money(row.tax_amount.decimal),
        gross=money(gross),
        settled_amount=money(sum((each.amount for each in lowering), ZERO)),
        amount_due=money(due),
        state=state,
        corrected=bool(corrected),
        fully_reversed=bool(corrected) and sum(corrected, ZERO) >= gross,
        in_dunning=dunning is not None and due > 0,
        payment_in_transit=None,
        paid_on=max((each.credit.date.date for each in lowering), default=None) if paid else None,
        correction_of=str(row.origin_invoices[0].id) if gross < 0 and row.origin_invoices else None,
        correction_reason=(row.description or None) if gross < 0 else None,
        vat_summary=_vat_summary(row),
        dunning=dunning,
        ksef=None,
        transfer=None,
    )


def _vat_summary(row: InvoiceRow) -> tuple[VatSum, ...]:
    sums: dict[Decimal | None, tuple[Decimal, Decimal]] = {}
    for each in row.taxes:
        rate = percent(each.tax)
        net, vat = sums.get(rate, (ZERO, ZERO))
        sums[rate] = net + each.base.decimal, vat + each.amount.decimal
    untaxed = row.untaxed_amount.decimal - sum((net for net, _ in sums.values()), ZERO)
    if untaxed:
        net, vat = sums.get(None, (ZERO, ZERO))
        sums[None] = net + untaxed, vat
    return tuple(VatSum(rate, money(net), money(vat), money(net + vat)) for rate, (net, vat) in sums.items())


def percent(tax: Rate | None) -> Decimal | None:
    """A rate in percent."""
    if tax is None or tax.rate is None:
        return None
    return money(tax.rate.decimal * PERCENT)


def money(value: Decimal) -> Decimal:
    """With two places, as all amounts in the graph."""
    return value.quantize(PLACES)


def allocation_record(
    credit: Item,
    invoice_id: int,
    amount: Decimal,
    owner: str,
    currency: str,
    payer: int | None,
    choices: Choices,
) -> AllocationRecord:
    """A part of a payment or correction. `payer` is the party whose payment it was."""
    kind = kind_of(credit, invoice_id, amount, choices)
    booked = credit.move.journal.type in choices.payment_journals
    return AllocationRecord(
        as_of=now(),
        id=f"{credit.id}-{invoice_id}",
        client_number=owner,
        invoice_id=str(invoice_id),
        kind=kind,
        amount=money(amount),
        currency=currency,
        booked_on=credit.date.date,
        posted_at=None,
        payment_id=f"{credit.move.id}-{payer}" if booked and payer is not None else None,
        credit_invoice_id=str(credit.origin_invoice) if kind is AllocationKind.CORRECTION else None,
    )


def line_record(row: LineRow, number: int) -> InvoiceLineRecord:
    """A line, at its place on the invoice."""
    rates = [percent(each) for each in row.taxes]
    return InvoiceLineRecord(
        as_of=now(),
        id=str(row.id),
        client_number=client_number(row),
        invoice_id=str(row.invoice),
        number=number,
        name=row.description or (row.product.name if row.product else None) or "",
        quantity=Decimal(1) if row.quantity is None else row.quantity,
        unit=row.unit.symbol if row.unit else None,
        currency=row.currency.code or "",
        unit_net=row.unit_price.decimal if row.unit_price else row.amount.decimal,
        vat_rate=rates[0] if rates else None,
        net=money(row.amount.decimal),
    )
