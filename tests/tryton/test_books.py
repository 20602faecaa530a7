"""Invoices, payments and balances as a real Tryton keeps them: the worked numbers, to the grosz."""

from datetime import date
from decimal import Decimal

import pytest

from connectors.erp.queries import Direction, InvoiceFilter, InvoiceStatus, Order, Slice
from connectors.erp.records.invoice import AllocationKind, InvoiceKind, InvoiceRecord, InvoiceState
from connectors.erp.tryton import TrytonErp
from connectors.errors import MalformedRecord, NotAnswerable
from tests.harness.tryton import CONTRACTS, Tryton

EVERYTHING, MOST = InvoiceFilter(), Slice(1000)
WORKED, SET_OFF, FOREIGN, BUSY, SILENT = (f"001000{n}" for n in range(1, 6))
MANY = 30


def money(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


async def invoices(erp: TrytonErp, client: str, where: InvoiceFilter = EVERYTHING) -> list[InvoiceRecord]:
    """All of a client's, oldest first."""
    (page,) = await erp.invoices_by_client([client], where, MOST)
    assert not page.has_next
    found = [each for each in page.items if isinstance(each, InvoiceRecord)]
    assert len(found) == len(page.items)
    return found[::-1]


async def test_what_the_worked_numbers_leave_out(erp: TrytonErp) -> None:
    overpaid, part_paid, corrected, correction = await invoices(erp, WORKED)
    assert overpaid.paid_on == date(2026, 10, 5)
    assert part_paid.due_date == date(2026, 10, 27)
    assert not corrected.fully_reversed
    assert (correction.state, correction.correction_reason) == (InvoiceState.PAID, "Zmiana zakresu usługi")
    assert {each.contract_number for each in (part_paid, corrected, correction)} == {CONTRACTS[0]}
    assert (part_paid.kind, overpaid.kind) == (InvoiceKind.INSTALMENT, InvoiceKind.SERVICE_FEE)
    (vat,) = part_paid.vat_summary
    assert [vat.rate, vat.net, vat.vat, vat.gross] == money("23", "2000", "460", "2460")


async def test_balance_is_the_receivable_of_tryton(erp: TrytonErp, tryton: Tryton) -> None:
    numbers = [SILENT, WORKED, "none", SET_OFF, BUSY]
    silent, worked, none, set_off, busy = await erp.balances_by_client(numbers)
    assert not none.items
    receivable = {
        each["code"]: Decimal(each["receivable"]["decimal"])
        for each in tryton.ask("party.party", [["code", "in", numbers]], ["code", "receivable"])
    }
    (balance,) = worked.items
    assert not isinstance(balance, MalformedRecord)
    assert [balance.open, balance.overdue] == money("3305", "1460")
    assert [balance.unallocated_credit, balance.receivable] == money("77", "3228")
    for number, page in ((WORKED, worked), (SET_OFF, set_off), (BUSY, busy), (SILENT, silent)):
        (balance,) = page.items
        assert not isinstance(balance, MalformedRecord)
        assert balance.receivable == receivable[number]
        assert balance.currency == "PLN"
        assert balance.open == sum(each.amount_due for each in await invoices(erp, number))


async def test_currencies_are_never_mixed(erp: TrytonErp) -> None:
    (page,) = await erp.balances_by_client([FOREIGN])
    found = [(each.currency, each.open) for each in page.items if not isinstance(each, MalformedRecord)]
    assert found == [("EUR", Decimal(1000)), ("PLN", Decimal(10))]
    in_euro, exempt = await invoices(erp, FOREIGN)
    assert [in_euro.gross, in_euro.amount_due, exempt.gross] == money("1230", "1000", "10")
    (paid,) = (await erp.payments_by_client([FOREIGN], MOST))[0].items
    assert not isinstance(paid, MalformedRecord)
    assert (paid.currency, paid.amount, paid.unallocated_amount) == ("EUR", Decimal(230), Decimal(0))


async def test_correction_and_overpayment_in_one_invoice(erp: TrytonErp) -> None:
    found = {each.issue_date: each for each in await invoices(erp, SET_OFF) if each.gross > 0}
    both, reversed_one = found[date(2026, 10, 1)], found[date(2026, 10, 10)]
    assert [both.gross, both.settled_amount, both.amount_due] == money("1230", "323", "907")
    (page,) = await erp.allocations_by_invoice([both.id])
    allocations = [each for each in page.items if not isinstance(each, MalformedRecord)]
    assert [(each.kind, each.amount) for each in allocations] == [
        (AllocationKind.OVERPAYMENT, Decimal(77)),
        (AllocationKind.CORRECTION, Decimal(246)),
    ]
    overpayment, correction = allocations
    (listed,) = await erp.corrections_by_invoice([both.id])
    assert [each.id for each in listed.items if isinstance(each, InvoiceRecord)] == [
        correction.credit_invoice_id
    ]
    assert (reversed_one.fully_reversed, reversed_one.state) == (True, InvoiceState.PAID)
    # The payment knows the same allocation, and where the rest of its money went.
    (payment,) = await erp.payments_by_id([overpayment.payment_id or ""])
    assert payment is not None
    assert not isinstance(payment, MalformedRecord)
    assert [payment.amount, payment.allocated_amount, payment.unallocated_amount] == money("200", "200", "0")
    (went,) = await erp.allocations_by_payment([payment.id])
    ids = {each.id: each.amount for each in went.items if not isinstance(each, MalformedRecord)}
    assert ids[overpayment.id] == 77
    assert sorted(ids.values()) == money("77", "123")


async def test_drafts_and_supplier_papers_are_nobodys_business(erp: TrytonErp, tryton: Tryton) -> None:
    (draft,) = tryton.ask("account.invoice", [["state", "=", "draft"]], ["id"])
    assert await erp.invoices_by_id([str(draft["id"])]) == [None]
    (lines,) = await erp.lines_by_invoice([str(draft["id"])])
    assert not lines.items


async def test_long_lists_of_keys_are_cut(erp: TrytonErp, tryton: Tryton) -> None:
    (page,) = await erp.invoices_by_client([BUSY], EVERYTHING, MOST)
    ids = [each.id for each in page.items if isinstance(each, InvoiceRecord)]
    assert len(ids) == MANY
    keys = [str(n) for n in range(100_000, 100_340)] + ids
    with tryton.calls() as calls:
        found = await erp.invoices_by_id(keys)
    assert [each and getattr(each, "id", None) for each in found] == [None] * 340 + ids
    assert calls.count("account.invoice/search_read") == 2


async def test_one_call_for_all_keys_of_a_level(erp: TrytonErp, tryton: Tryton) -> None:
    numbers = [WORKED, SET_OFF, FOREIGN, SILENT]
    await invoices(erp, WORKED)  # by now it is known that there are reminders,
    await erp.balances_by_client([SILENT])  # and which currency is the company's
    with tryton.calls() as calls:
        pages = await erp.invoices_by_client(numbers, EVERYTHING, Slice(20))
        ids = [each.id for page in pages for each in page.items if isinstance(each, InvoiceRecord)]
        await erp.allocations_by_invoice(ids)
        await erp.lines_by_invoice(ids)
        await erp.payments_by_client(numbers, Slice(20))
        await erp.balances_by_client(numbers)
    assert calls == [
        "account.invoice/search_read",
        "account.dunning/search_read",
        "account.invoice/search_read",
        "account.invoice.line/search_read",
        "account.move/search_read",
        "account.move.line/search_read",
        "party.party/search_read",  # of whom nothing is open
    ]


async def test_pages_follow_each_other_without_gap(erp: TrytonErp) -> None:
    """Two invoices a day, so that a page ends within a day; and beside the busy client a quiet one."""
    seen: dict[str, list[str]] = {BUSY: [], WORKED: []}
    after = None
    for _ in range(MANY):
        busy, worked = await erp.invoices_by_client([BUSY, WORKED], EVERYTHING, Slice(25, after))
        seen[BUSY] += [each.id for each in busy.items if isinstance(each, InvoiceRecord)]
        if after is None:
            seen[WORKED] += [each.id for each in worked.items if isinstance(each, InvoiceRecord)]
            assert not worked.has_next
        after = busy.next
        if not busy.has_next:
            break
    assert len(seen[BUSY]) == len(set(seen[BUSY])) == MANY
    assert seen[BUSY] == sorted(seen[BUSY], key=int, reverse=True)
    assert len(seen[WORKED]) == 4
    issued = InvoiceFilter(statuses=(InvoiceStatus.ISSUED,))
    assert await erp.invoice_counts_by_client([BUSY], issued) == [MANY]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (InvoiceFilter(statuses=(InvoiceStatus.PAID, InvoiceStatus.OVERDUE)), 6),
        (InvoiceFilter(statuses=(InvoiceStatus.ISSUED, InvoiceStatus.CANCELLED)), 0),
        (InvoiceFilter(kinds=(InvoiceKind.CORRECTION,)), 2),
        (InvoiceFilter(kinds=(InvoiceKind.INSTALMENT,)), 2),
        (InvoiceFilter(kinds=(InvoiceKind.UNKNOWN,)), 1),
        (InvoiceFilter(kinds=(InvoiceKind.BUY_OUT,)), 0),
        (InvoiceFilter(due_from=date(2026, 10, 15), due_to=date(2026, 10, 15)), 1),
        (InvoiceFilter(currency="PLN", gross_from=Decimal("369.00"), gross_to=Decimal("492.00")), 2),
        (InvoiceFilter(number_contains="%"), 0),
    ],
)
async def test_conditions(erp: TrytonErp, where: InvoiceFilter, count: int) -> None:
    (page,) = await erp.invoices_by_client([SET_OFF], where, MOST)
    assert len(page.items) == count
    assert await erp.invoice_counts_by_client([SET_OFF], where) == [count]


async def test_what_tryton_knows_nothing_of_is_refused(erp: TrytonErp) -> None:
    for where, part, said in (
        (InvoiceFilter(vin="WVWZZZ1KZAW000001"), MOST, "vin"),
        (InvoiceFilter(ksef_number="1"), MOST, "ksefNumber"),
        (EVERYTHING, Slice(5, None, Order("dueDate", Direction.ASC)), "dueDate"),
        (EVERYTHING, Slice(5, None, Order("amountDue", Direction.ASC)), "amountDue"),
        (EVERYTHING, Slice(5, ("2026-01-01", "x")), "position"),
    ):
        with pytest.raises(NotAnswerable, match=said) as refused:
            await erp.invoices_by_client([WORKED], where, part)
        assert refused.value.system == "books"


async def test_contracts_by_their_numbers(erp: TrytonErp) -> None:
    numbers = [CONTRACTS[1], "none", CONTRACTS[0], "UM/0003"]
    second, none, first, foreign = await erp.invoices_by_contract(numbers, EVERYTHING, MOST)
    assert [len(each.items) for each in (second, none, first, foreign)] == [1, 0, 3, 2]
    assert await erp.invoice_counts_by_contract(numbers, EVERYTHING) == [1, 0, 3, 2]
    balances = await erp.contract_balances_by_contract(numbers[:3])
    assert balances[1] is None
    told = [
        (each.contract_number, each.client_number, each.open, each.overdue)
        for each in balances
        if each is not None and not isinstance(each, MalformedRecord)
    ]
    assert told == [
        (CONTRACTS[1], WORKED, 0, 0),
        (CONTRACTS[0], WORKED, Decimal(3305), Decimal(1460)),
    ]


async def test_lines_and_reminders(erp: TrytonErp) -> None:
    _, part_paid, corrected, _ = await invoices(erp, WORKED)
    (page,) = await erp.lines_by_invoice([part_paid.id])
    (line,) = page.items
    assert not isinstance(line, MalformedRecord)
    assert (line.number, line.name, line.client_number) == (1, "Rata 5/36", WORKED)
    assert [line.quantity, line.unit_net, line.vat_rate or 0, line.net] == money("1", "2000", "23", "2000")
    assert part_paid.in_dunning
    assert part_paid.dunning is not None
    assert part_paid.dunning.level == 1
    assert (corrected.in_dunning, corrected.dunning) == (False, None)
