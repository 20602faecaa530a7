"""The explanation of an amount due adds up, whatever the ledger; and so does what a client owes."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.erp.records.invoice import AllocationKind, AllocationRecord, InvoiceKind, InvoiceState
from connectors.errors import MalformedRecord
from resolvers import amount_due_texts, settlement
from resolvers.amount_due import AmountDueLine, AmountDueLineKind, explained
from resolvers.language import Language
from resolvers.settlement import InvoiceStatus
from tests.resolvers.invoices import allocation, invoice

K = AmountDueLineKind
cents = st.integers(-(10**8), 10**8).map(lambda each: Decimal(each) / 100)
allocations = st.lists(st.builds(allocation, st.sampled_from(AllocationKind), cents), max_size=6)


def lines_of(*given: Any) -> list[AmountDueLine]:
    return [line for line in explained(*given) if isinstance(line, AmountDueLine)]


@given(
    gross=cents, due=cents.map(abs), booked=allocations, kind=st.sampled_from(InvoiceKind),
    state=st.sampled_from(InvoiceState),
)  # fmt: skip
def test_it_sums_up_whatever_the_ledger_says(
    gross: Decimal, due: Decimal, booked: list[AllocationRecord], kind: InvoiceKind, state: InvoiceState
) -> None:
    """Even where the ledger does not add up, or a record of it can't be read."""
    asked = invoice(str(gross), due=str(due), kind=kind, state=state)
    lines = lines_of(asked, booked)
    assert (lines[0].kind, lines[0].amount) == (K.GROSS, gross)
    assert (lines[-1].kind, lines[-1].amount) == (K.AMOUNT_DUE, due)
    assert sum(line.amount for line in lines[:-1]) == due
    assert [-each.amount for each in booked] == [line.amount for line in lines[1 : len(booked) + 1]]
    for line in lines:
        for language in Language:
            assert amount_due_texts.text(line, language, None, None)


@dataclass
class Ledger:
    """A client's ledger by the rules of the domain; amounts in grosze."""

    grosses: list[int] = field(default_factory=list)
    booked: list[list[tuple[AllocationKind, int]]] = field(default_factory=list)
    received: int = 0
    unallocated: int = 0
    given_up: int = 0

    def bill(self, amount: int) -> None:
        self.grosses.append(amount)
        self.booked.append([])

    def credits(self, at: int) -> int:
        return sum(amount for _, amount in self.booked[at])

    def due(self, at: int) -> int:
        return max(0, self.grosses[at] - self.credits(at))

    def pay(self, at: int, amount: int) -> None:
        self.received += amount
        share = min(amount, self.due(at))
        self.unallocated += amount - share
        self.booked[at].append((AllocationKind.PAYMENT, share))

    def set_off(self, at: int, amount: int) -> None:
        share = min(amount, self.unallocated, self.due(at))
        self.unallocated -= share
        self.booked[at].append((AllocationKind.OVERPAYMENT, share))

    def reverse(self, at: int, _amount: int) -> None:
        paid = sum(
            amount
            for kind, amount in self.booked[at]
            if kind in (AllocationKind.PAYMENT, AllocationKind.REVERSAL)
        )
        self.unallocated += paid
        self.booked[at].append((AllocationKind.REVERSAL, -paid))

    def correct(self, at: int, amount: int) -> None:
        """Also of what is paid already: the excess becomes the client's credit."""
        self.given_up += amount
        self.booked[at].append((AllocationKind.CORRECTION, amount))

    def write_off(self, at: int, amount: int) -> None:
        share = min(amount, self.due(at))
        self.given_up += share
        self.booked[at].append((AllocationKind.WRITE_OFF, share))

    def compensate(self, at: int, amount: int) -> None:
        share = min(amount, self.due(at))
        self.given_up += share
        self.booked[at].append((AllocationKind.COMPENSATION, share))


STEPS = (Ledger.pay, Ledger.set_off, Ledger.reverse, Ledger.correct, Ledger.write_off, Ledger.compensate)
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(0, 500_00)), max_size=14)


@given(grosses=st.lists(st.integers(1, 1_000_00), min_size=4, max_size=4), happened=steps)
def test_any_ledger_by_the_rules(grosses: list[int], happened: list[Any]) -> None:
    """amountDue = max(0, gross − credits); net = Σ amountDue − unallocated credit, to the grosz."""
    ledger = Ledger()
    for gross in grosses:
        ledger.bill(gross)
    for step, at, amount in happened:
        step(ledger, at, amount)
    open_, excess = Decimal(0), Decimal(0)
    for at, gross in enumerate(grosses):
        settled = Decimal(ledger.credits(at)) / 100
        due = Decimal(ledger.due(at)) / 100
        state = InvoiceState.PAID if settled * 100 >= gross else InvoiceState.OPEN
        asked = invoice(str(Decimal(gross) / 100), str(settled), str(due), state=state)
        lines = lines_of(
            asked, [allocation(kind, Decimal(amount) / 100) for kind, amount in ledger.booked[at]]
        )
        assert due == max(Decimal(0), asked.gross - settled)
        assert sum(line.amount for line in lines[:-1]) == lines[-1].amount == asked.amount_due
        assert {line.kind for line in lines}.isdisjoint({K.OTHER, K.CANCELLATION, K.COUNTED_ON_CORRECTED})
        assert (settlement.status(asked) is InvoiceStatus.PAID) == (due == 0)
        assert settlement.is_partially_settled(asked) == (0 < due < asked.gross)
        open_ += lines[-1].amount
        excess += sum(line.amount for line in lines if line.kind is K.EXCESS)
    unallocated = Decimal(ledger.unallocated) / 100 + excess
    assert unallocated >= 0
    assert (open_ - unallocated) * 100 == sum(grosses) - ledger.received - ledger.given_up


def test_a_record_that_cannot_be_read_stands_as_its_error() -> None:
    """What it would have explained is in one line with all else that the ledger does not give."""
    broken = MalformedRecord("erp", "allocation 7", "amount", "0010001")
    asked = invoice(settled="1000.00")
    gross, error, other, due = explained(asked, [broken])
    assert error is broken
    assert isinstance(other, AmountDueLine)
    assert (other.kind, other.amount) == (K.OTHER, Decimal("-1000.00"))
    assert isinstance(gross, AmountDueLine)
    assert isinstance(due, AmountDueLine)
    assert gross.amount + other.amount == due.amount


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (
            invoice("-615.00", due="0", kind=InvoiceKind.CORRECTION, correction_of="38"),
            K.COUNTED_ON_CORRECTED,
        ),
        (invoice(due="0", state=InvoiceState.CANCELLED), K.CANCELLATION),
        (invoice(due="100.00"), K.OTHER),
    ],
)
def test_what_the_allocations_leave_open(given: Any, kind: AmountDueLineKind) -> None:
    lines = lines_of(given, [])
    assert [line.kind for line in lines] == [K.GROSS, kind, K.AMOUNT_DUE]
    assert lines[1].document_id == given.correction_of


PAID = AmountDueLine(K.PAYMENT, Decimal(-1000), invoice().issue_date.replace(month=11, day=2), invoice())


def test_texts() -> None:
    assert amount_due_texts.text(PAID, Language.PL, None, None) == "Zaliczono wpłatę z 2026-11-02"
    assert amount_due_texts.text(PAID, Language.EN, None, None) == "Payment of 2026-11-02 credited"
    correction = invoice(number="FK/2026/0000039", correction_reason="Korekta {opłaty}")
    line = AmountDueLine(K.CORRECTION, Decimal(-615), PAID.on, invoice())
    told = amount_due_texts.text(line, Language.PL, correction, None)
    assert told == "Faktura korygująca FK/2026/0000039 z 2026-10-13: Korekta {opłaty}"
    assert amount_due_texts.text(line, Language.PL, None, None) == "Faktura korygująca z 2026-11-02"
