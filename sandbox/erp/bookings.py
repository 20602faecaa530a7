"""Invoices and payments made while the sandbox runs, for tests of changing data."""

import re
import sqlite3
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from sandbox.clock import Clock
from sandbox.data.annuity import vat_of
from sandbox.data.identifiers import ksef_number
from sandbox.data.ledger import INSERT_ALLOCATION, INSERT_INVOICE, INSERT_PAYMENT, KSEF_START
from sandbox.data.notifications import NOTIFY_ISSUED
from sandbox.erp.changes import record_change
from sandbox.erp.collection import BY_ID
from sandbox.erp.reads import Reader, valid_day
from sandbox.erp.submissions import known_client, known_contract
from sandbox.erp.tables import INVOICES, PAYMENTS
from sandbox.exchange import Answer, Request, decode, invalid

_MONEY = re.compile(r"(\d{1,12})\.(\d\d)", re.ASCII)
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class NewInvoice(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body for an invoice; `vat_rate` is a percentage."""

    client_number: str
    issue_date: str
    due_date: str
    net: str
    contract_number: str | None = None
    vat_rate: str = "23.00"
    currency: Currency = "PLN"


class Share(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """A part of a payment that settles an invoice."""

    invoice_id: str
    amount: str


class NewPayment(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body for a payment; what is not allocated stays as credit."""

    client_number: str
    amount: str
    booked_on: str
    currency: Currency = "PLN"
    allocate: list[Share] = []


_INVOICE = msgspec.json.Decoder(NewInvoice)
_PAYMENT = msgspec.json.Decoder(NewPayment)


class Bookings:
    """Books into the ERP database; every row written goes into the change feed."""

    def __init__(self, database: sqlite3.Connection, clock: Clock, reader: Reader) -> None:
        """Writes to `database`, dated by the clock."""
        self._database, self._clock, self._reader = database, clock, reader

    def add_invoice(self, request: Request) -> Answer:
        """201 and the invoice."""
        given = decode(_INVOICE, request.body)
        client = known_client(self._database, given.client_number)
        contract = known_contract(self._database, client, given.contract_number)
        issued, due = _day("issueDate", given.issue_date), _day("dueDate", given.due_date)
        net, rate = _cents("net", given.net), _cents("vatRate", given.vat_rate)
        vat = vat_of(net, rate)
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            number = _next(database, "invoice")
            ksef = ksef_number(issued, number) if issued >= KSEF_START else None
            row: list[Any] = [
                number, f"FV/{issued[:4]}/{number:07d}", client, contract, "SERVICE_FEE", issued, issued, due,
                given.currency, net, vat, net + vat, 0, "OPEN" if net else "PAID", 0, 0, 0, None, None, None,
                None, None,
                ksef, None, rate,
            ]  # fmt: skip
            database.execute(INSERT_INVOICE, row)
            database.execute("INSERT OR IGNORE INTO client_currency VALUES (?, ?)", (client, given.currency))
            record_change(database, self._clock, "invoices", str(number), client)
            self._notify(number, client)
            database.execute("COMMIT")
        except BaseException:
            database.execute("ROLLBACK")
            raise
        return Answer(self._reader.records(INVOICES, BY_ID, [str(number)])[str(number)].encode(), 201)

    def add_payment(self, request: Request) -> Answer:
        """201 and the payment; an allocation beyond an invoice's due, or beyond the payment, is refused."""
        given = decode(_PAYMENT, request.body)
        database = self._database
        client = known_client(database, given.client_number)
        booked = _day("bookedOn", given.booked_on)
        amount = _cents("amount", given.amount)
        shares = [
            (place, share.invoice_id, _cents(f"allocate[{place}].amount", share.amount))
            for place, share in enumerate(given.allocate)
        ]
        if sum(share for _, _, share in shares) > amount:
            raise invalid("allocate", "must not be more than the payment")
        database.execute("BEGIN IMMEDIATE")
        try:
            payment = _next(database, "payment")
            allocated = sum(share for _, _, share in shares)
            database.execute(
                INSERT_PAYMENT,
                (payment, client, booked, booked, amount, given.currency, "TRANSFER", None, None, allocated),
            )
            database.execute("INSERT OR IGNORE INTO client_currency VALUES (?, ?)", (client, given.currency))
            record_change(database, self._clock, "payments", str(payment), client)
            for place, invoice, share in shares:
                self._allocate(place, invoice, share, client, payment, booked, given.currency)
            database.execute("COMMIT")
        except BaseException:
            database.execute("ROLLBACK")
            raise
        return Answer(self._reader.records(PAYMENTS, BY_ID, [str(payment)])[str(payment)].encode(), 201)

    def _notify(self, invoice: int, client: int) -> None:
        values = {"moment": self._clock.moment(), "invoice": invoice}
        for (number,) in self._database.execute(NOTIFY_ISSUED, values).fetchall():
            record_change(self._database, self._clock, "notifications", str(number), client)

    def _allocate(
        self, place: int, invoice: str, share: int, client: int, payment: int, booked: str, currency: str
    ) -> None:
        database = self._database
        found = None
        if invoice.isascii() and invoice.isdigit() and len(invoice) <= 18:
            found = database.execute(
                "SELECT id, gross - settled FROM invoice WHERE id = ? AND client = ? AND currency = ?",
                (int(invoice), client, currency),
            ).fetchone()
        if found is None:
            raise invalid(f"allocate[{place}].invoiceId", "is not an invoice of the client in that currency")
        number, due = found
        if share > max(0, due):
            raise invalid(f"allocate[{place}].amount", "is more than the invoice's amount due")
        allocation = _next(database, "allocation")
        moment = self._clock.moment()
        database.execute(
            INSERT_ALLOCATION,
            (allocation, client, number, "PAYMENT", share, currency, booked, moment, payment, None),
        )
        database.execute(
            "UPDATE invoice SET settled = settled + ?1, state = iif(settled + ?1 >= gross, 'PAID', state),"
            " paid_on = iif(settled + ?1 >= gross, ?2, paid_on), transit_on = NULL, transit_amount = NULL"
            " WHERE id = ?3",
            (share, booked, number),
        )
        record_change(database, self._clock, "allocations", str(allocation), client)
        record_change(database, self._clock, "invoices", str(number), client)


def _next(database: sqlite3.Connection, table: str) -> int:
    return int(database.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])


def _day(name: str, text: str) -> str:
    if not valid_day(text) or not "2010" < date.fromisoformat(text).isoformat() < "2060":
        raise invalid(name, "must be a date YYYY-MM-DD")
    return text


def _cents(name: str, text: str) -> int:
    match = _MONEY.fullmatch(text)
    if not match:
        raise invalid(name, 'must be a decimal string with two places, like "123.00"')
    return int(match[1]) * 100 + int(match[2])
