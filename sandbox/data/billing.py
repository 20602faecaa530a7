"""The invoices of a contract, and how its client pays them."""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from sandbox.data.annuity import Regular
from sandbox.data.calendar import iso
from sandbox.data.contracts import Contract
from sandbox.data.ledger import GROSS, IN_DUNNING, SETTLED, TRANSIT_AMOUNT, TRANSIT_ON, Ledger, Row

ISSUED_BEFORE_DUE = 14
DUNNING_AFTER = 14
WRITTEN_UP_AFTER = 150


class Habit(NamedTuple):
    """When a client pays, in days after the due date: from `earliest`, within `spread`.

    `missed` is the share of invoices that it does not pay.
    """

    earliest: int
    spread: int
    missed: float


PROMPT = Habit(-7, 8, 0.0)
SLOW = Habit(-2, 25, 0.02)
LATE = Habit(4, 60, 0.12)


@dataclass(slots=True)
class Billing:
    """Bills contracts as seen on the ordinal day `today`, up to `limit` invoices in all."""

    ledger: Ledger
    random: Random
    today: int
    limit: int = 10**9

    def bill(self, contract: Contract, rows: list[Regular], last: int, habit: Habit) -> None:
        """Invoice the initial fee and the instalments up to `last`, with insurance each year."""
        ledger = self.ledger
        issue = ledger.invoice
        rate, currency, today = contract.vat_rate, contract.currency, self.today
        if contract.initial_fee:
            due = contract.due(0)
            row = issue(
                contract.client,
                contract.id,
                "INITIAL_FEE",
                due - 7,
                due,
                contract.initial_fee,
                rate,
                currency,
                0,
            )
            ledger.pay(row, due - 2)
        for regular in rows[:last]:
            if ledger.invoice_count >= self.limit:
                return
            number = regular.number
            due = contract.due(number)
            net = regular.capital + regular.interest
            issued = due - ISSUED_BEFORE_DUE
            self.settle(
                issue(contract.client, contract.id, "INSTALMENT", issued, due, net, rate, currency, number),
                due,
                habit,
            )
            if number % 12 == 0 and contract.kind != "LOAN":
                insurance = contract.value * 3 // 100
                row = issue(contract.client, contract.id, "INSURANCE", issued, due, insurance, 0, currency)
                self.settle(row, due, habit)
        if last >= contract.term and contract.residual:
            due = min(contract.due(contract.term + 1), today)
            row = issue(
                contract.client,
                contract.id,
                "BUY_OUT",
                due - 5,
                due,
                contract.residual,
                rate,
                currency,
                contract.term + 1,
            )
            ledger.pay(row, due)

    def settle(self, invoice: Row, due: int, habit: Habit) -> None:
        """Let the client pay in its way; now and then something out of the ordinary happens."""
        draw = self.random.random()
        today, ledger = self.today, self.ledger
        paid_on = due + habit.earliest + int(draw * 7919) % habit.spread
        if paid_on > today:
            self._leave_open(invoice, due, draw)
        elif draw < habit.missed and today - due < WRITTEN_UP_AFTER:
            if draw < habit.missed / 3:
                ledger.pay(invoice, paid_on, invoice[GROSS] // 3)
            self._leave_open(invoice, due, 1.0)
        elif draw > 0.012 or habit is PROMPT:
            ledger.pay(invoice, paid_on, None, "DIRECT_DEBIT" if draw > 0.9 else "TRANSFER")
        elif draw < 0.004:
            ledger.correct(invoice, min(due, today), -(invoice[9] // 5), "Rabat posprzedażowy")
            ledger.pay(invoice, paid_on)
        elif draw < 0.005:
            ledger.cancel(invoice, min(due, today))
        elif draw < 0.008:
            ledger.pay(invoice, paid_on, invoice[GROSS] // 2)
            ledger.pay(invoice, min(paid_on + 6, today))
        else:
            ledger.pay(invoice, paid_on, invoice[GROSS] // 10_000 * 10_000 + 10_000)

    def _leave_open(self, invoice: Row, due: int, draw: float) -> None:
        if self.today - due > DUNNING_AFTER:
            invoice[IN_DUNNING] = 1
        elif draw < 0.03 and not invoice[SETTLED]:
            invoice[TRANSIT_ON], invoice[TRANSIT_AMOUNT] = iso(self.today - 1), invoice[GROSS]
