"""Invoices, payments and allocations, booked so that the ledger's rules hold.

`settled` is the sum of an invoice's allocations and never more than its gross; what is paid beyond stays
unallocated on the payment; a correction is an allocation on the corrected invoice and itself owes nothing.
"""

import sqlite3
from typing import Any

from sandbox.data.annuity import vat_of
from sandbox.data.calendar import iso, posted
from sandbox.data.identifiers import ksef_number

Row = list[Any]

# Places in an invoice row, in the order of the table's columns.
ID, CLIENT, ISSUED, DUE, CURRENCY, GROSS, SETTLED, STATE = 0, 2, 5, 7, 8, 11, 12, 13
CORRECTED, FULLY_REVERSED, IN_DUNNING, TRANSIT_ON, TRANSIT_AMOUNT, PAID_ON = 14, 15, 16, 17, 18, 19
KIND, NUMBER, NET, REASON = 4, 1, 9, 21

PREFIXES = {"CORRECTION": "FK", "INTEREST_NOTE": "NO"}
KSEF_START = "2026-02-01"
FLUSH_ROWS = 20_000

INSERT_INVOICE = f"INSERT INTO invoice VALUES ({','.join('?' * 25)})"
INSERT_PAYMENT = f"INSERT INTO payment VALUES ({','.join('?' * 10)})"
INSERT_ALLOCATION = f"INSERT INTO allocation VALUES ({','.join('?' * 10)})"


class Ledger:
    """Books in memory and writes to the database in blocks."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Books into an empty `database`."""
        self._database = database
        self._invoices: list[Row] = []
        self._payments: list[Row] = []
        self._allocations: list[tuple[Any, ...]] = []
        self.invoice_count = 0
        self.payment_count = 0
        self._allocation_count = 0

    def invoice(
        self,
        client: int,
        contract: int | None,
        kind: str,
        issued: int,
        due: int,
        net: int,
        vat_rate: int,
        currency: str = "PLN",
        instalment: int | None = None,
    ) -> Row:
        """Issue an invoice; the row stays open to bookings until `flush`."""
        self.invoice_count = number = self.invoice_count + 1
        issue_date = iso(issued)
        vat = vat_of(net, vat_rate) if vat_rate else 0
        ksef = None
        if issue_date >= KSEF_START and kind != "INTEREST_NOTE":
            ksef = ksef_number(issue_date, number)
        row: Row = [
            number, f"{PREFIXES.get(kind, 'FV')}/{issue_date[:4]}/{number:07d}", client, contract, kind,
            issue_date, issue_date, iso(due), currency, net, vat, net + vat,
            0, "OPEN", 0, 0, 0, None, None, None, None, None, ksef, instalment, vat_rate,
        ]  # fmt: skip
        self._invoices.append(row)
        return row

    def payment(
        self,
        client: int,
        amount: int,
        booked: int,
        title: str,
        currency: str = "PLN",
        channel: str = "TRANSFER",
    ) -> Row:
        """Book a payment, as yet unallocated."""
        self.payment_count = number = self.payment_count + 1
        day = iso(booked)
        account = None if channel == "CASH" else f"PL** **** **** **** **** **** {client * 7919 % 10_000:04d}"
        row: Row = [number, client, day, day, amount, currency, channel, account, title, 0]
        self._payments.append(row)
        return row

    def allocate(
        self,
        invoice: Row,
        kind: str,
        amount: int,
        booked: int,
        payment: Row | None = None,
        credit: int | None = None,
    ) -> None:
        """Settle `amount` of an invoice; a REVERSAL has a negative amount."""
        self._allocation_count += 1
        day = iso(booked)
        settled = invoice[SETTLED] = invoice[SETTLED] + amount
        if settled >= invoice[GROSS]:
            invoice[STATE], invoice[PAID_ON] = "PAID", day
        else:
            invoice[STATE], invoice[PAID_ON] = "OPEN", None
        payment_id = None
        if payment is not None:
            payment[9] += amount
            payment_id = payment[0]
        self._allocations.append(
            (self._allocation_count, invoice[CLIENT], invoice[ID], kind, amount, invoice[CURRENCY], day,
             posted(booked), payment_id, credit)
        )  # fmt: skip

    def pay(self, invoice: Row, booked: int, amount: int | None = None, channel: str = "TRANSFER") -> Row:
        """Pay an invoice by a payment of its own; what is beyond its due stays unallocated."""
        due = invoice[GROSS] - invoice[SETTLED]
        amount = due if amount is None else amount
        payment = self.payment(invoice[CLIENT], amount, booked, invoice[NUMBER], invoice[CURRENCY], channel)
        self.allocate(invoice, "PAYMENT", min(due, amount), booked, payment)
        return payment

    def correct(self, invoice: Row, issued: int, net: int, reason: str) -> Row:
        """Issue a correction by `net`, which is negative; it settles that much of the invoice."""
        row = self.invoice(
            invoice[CLIENT], invoice[3], "CORRECTION", issued, issued, net, invoice[24], invoice[CURRENCY]
        )
        row[STATE], row[PAID_ON], row[20], row[REASON] = "PAID", iso(issued), invoice[ID], reason
        invoice[CORRECTED] = 1
        invoice[FULLY_REVERSED] = int(-row[GROSS] >= invoice[GROSS])
        self.allocate(invoice, "CORRECTION", -row[GROSS], issued, None, row[ID])
        return row

    def cancel(self, invoice: Row, booked: int) -> None:
        """Cancel an unpaid invoice: written off in whole, so that it owes nothing."""
        self.allocate(invoice, "WRITE_OFF", invoice[GROSS] - invoice[SETTLED], booked)
        invoice[STATE], invoice[PAID_ON] = "CANCELLED", None

    def flush(self, least: int = 0) -> None:
        """Write out what was booked, if it is more than `least` invoices."""
        if len(self._invoices) <= least:
            return
        self._database.executemany(INSERT_INVOICE, self._invoices)
        self._database.executemany(INSERT_PAYMENT, self._payments)
        self._database.executemany(INSERT_ALLOCATION, self._allocations)
        self._invoices, self._payments, self._allocations = [], [], []
