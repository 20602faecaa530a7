"""What is read of Tryton's records: each row's fields are those that it is asked for, no more.

A name that ends in a dot is the record behind a relation. SQLite gives 0 and 1 for booleans.
"""

from decimal import Decimal

import msgspec

from connectors.erp.tryton.values import Amount, Day, Stamp


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record of Tryton's."""

    id: int


class Coded(Row, frozen=True):
    """A party by its number, a currency by its ISO code, a country, a product."""

    code: str | None = None


class Journal(Row, frozen=True):
    """A journal by its type: cash, revenue, write-off …"""

    type: str


class Company(Row, frozen=True):
    """A company, and its currency."""

    currency: Coded = msgspec.field(name="currency.")


class Move(Row, frozen=True):
    """An entry in a journal."""

    journal: Journal = msgspec.field(name="journal.")
    company: Company = msgspec.field(name="company.")


class Item(Row, frozen=True):
    """A line of the receivable account: what an invoice asks for, what a payment or a correction gives.

    `invoice_payment` is the invoice that it is set against, `move_origin` what it was made for, as
    "account.invoice,12". In another currency than the company's the amount is `amount_second_currency`.
    """

    debit: Amount
    credit: Amount
    amount_second_currency: Amount | None
    second_currency: Coded | None = msgspec.field(name="second_currency.")
    date: Day
    maturity_date: Day | None
    move_origin: str | None
    invoice_payment: int | None
    move: Move = msgspec.field(name="move.")

    @property
    def value(self) -> Decimal:
        """What it adds to what is due, in its currency; below zero: what it takes away."""
        if self.amount_second_currency is not None and self.second_currency is not None:
            return self.amount_second_currency.decimal
        return self.debit.decimal - self.credit.decimal

    @property
    def currency(self) -> str | None:
        """The ISO code."""
        return (self.second_currency or self.move.company.currency).code

    @property
    def origin_invoice(self) -> int | None:
        """The invoice that its entry was made for."""
        model, _, number = (self.move_origin or "").partition(",")
        return int(number) if model == "account.invoice" and number.isdigit() else None


class AttachedItem(Item, frozen=True):
    """A line that was set against an invoice; `reconciliation` is None until the invoice is settled by it."""

    reconciliation: int | None


class Reconciliation(Row, frozen=True):
    """Lines that settle each other to the last grosz."""

    lines: tuple[Item, ...] = msgspec.field(name="lines.")


class SettledItem(Item, frozen=True):
    """A line with all that it was reconciled with."""

    reconciliation: Reconciliation | None = msgspec.field(name="reconciliation.")


class Rate(Row, frozen=True):
    """A tax by its rate, a fraction; None for one of a fixed amount."""

    rate: Amount | None


class TaxRow(Row, frozen=True):
    """What an invoice charges by one tax."""

    base: Amount
    amount: Amount
    tax: Rate | None = msgspec.field(name="tax.")


class ChargedRow(Row, frozen=True):
    """A line of an invoice, as far as it says what the invoice is for."""

    product: Coded | None = msgspec.field(name="product.")


class OriginRow(Row, frozen=True):
    """The invoice that a correction corrects."""

    reference: str | None


class InvoiceHead(Row, frozen=True):
    """What places an invoice."""

    invoice_date: Day
    total_amount_cache: Amount | None
    reference: str | None
    party: Coded = msgspec.field(name="party.")
    origin_invoices: tuple[OriginRow, ...] = msgspec.field(name="origin_invoices.")


class InvoiceRow(InvoiceHead, frozen=True):
    """An invoice with all that its figures follow from."""

    number: str
    state: str
    description: str | None
    untaxed_amount: Amount
    tax_amount: Amount
    total_amount: Amount
    currency: Coded = msgspec.field(name="currency.")
    lines_to_pay: tuple[SettledItem, ...] = msgspec.field(name="lines_to_pay.")
    payment_lines: tuple[AttachedItem, ...] = msgspec.field(name="payment_lines.")
    taxes: tuple[TaxRow, ...] = msgspec.field(name="taxes.")
    lines: tuple[ChargedRow, ...] = msgspec.field(name="lines.")


class Unit(Row, frozen=True):
    """A unit of measure."""

    symbol: str | None


class Named(Row, frozen=True):
    """A record by its name."""

    name: str | None


class OwnedInvoice(Row, frozen=True):
    """An invoice by whose it is."""

    party: Coded = msgspec.field(name="party.")


class LineHead(Row, frozen=True):
    """What places a line of an invoice."""

    owner: OwnedInvoice = msgspec.field(name="invoice.")

    @property
    def invoice(self) -> int:
        """The invoice's id."""
        return self.owner.id

    @property
    def party(self) -> Coded:
        """Whose it is."""
        return self.owner.party


class LineRow(LineHead, frozen=True):
    """A line of an invoice."""

    quantity: Decimal | None
    unit_price: Amount | None
    amount: Amount
    description: str | None
    currency: Coded = msgspec.field(name="currency.")
    unit: Unit | None = msgspec.field(name="unit.")
    product: Named | None = msgspec.field(name="product.")
    taxes: tuple[Rate, ...] = msgspec.field(name="taxes.")


class AccountType(Row, frozen=True):
    """Whether an account is of what clients owe."""

    receivable: bool | int | None


class Account(Row, frozen=True):
    """An account."""

    type: AccountType | None = msgspec.field(name="type.")


class PaidItem(SettledItem, frozen=True):
    """A line of an entry that holds a payment, and whose it is."""

    party: Coded | None = msgspec.field(name="party.")
    account: Account = msgspec.field(name="account.")


class OwnedLine(Row, frozen=True):
    """A line by whose it is."""

    party: Coded | None = msgspec.field(name="party.")


class PaymentHead(Row, frozen=True):
    """What places an entry with payments."""

    date: Day
    owned: tuple[OwnedLine, ...] = msgspec.field(name="lines.")


class PaymentRow(Row, frozen=True):
    """An entry with payments: of one client, or of all of a bank statement."""

    date: Day
    description: str | None
    lines: tuple[PaidItem, ...] = msgspec.field(name="lines.")


class OpenItemHead(Row, frozen=True):
    """Whose an open item is."""

    party: Coded | None = msgspec.field(name="party.")


class OpenItemRow(AttachedItem, frozen=True):
    """A line that nothing has settled yet."""

    party: Coded | None = msgspec.field(name="party.")


class WrittenRow(Row, frozen=True):
    """When a record was made and last written; `write_date` is None until its first update."""

    create_date: Stamp | None
    write_date: Stamp | None


class WrittenInvoice(WrittenRow, frozen=True):
    """When an invoice was written, and whose it is."""

    party: Coded = msgspec.field(name="party.")


class WrittenParty(WrittenRow, frozen=True):
    """When a party was written."""

    code: str | None


class Procedure(Row, frozen=True):
    """How reminders follow each other."""

    levels: tuple[int, ...]


class Level(Row, frozen=True):
    """A level of a procedure."""

    procedure: Procedure = msgspec.field(name="procedure.")


class DunningRow(Row, frozen=True):
    """The reminder about a line of the receivable account."""

    line: int
    date: Day | None
    level: Level = msgspec.field(name="level.")
