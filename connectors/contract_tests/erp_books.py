"""What every system keeps that has the books: see `connectors.erp.ports.books.BooksPort`."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

import msgspec
import pytest

from connectors.contract_tests.contract import Call
from connectors.contract_tests.data.erp import BooksData, WorkedInvoice
from connectors.contract_tests.erp import PART, ErpPartContract, Paged, one_list, records
from connectors.contract_tests.keys import whole
from connectors.contract_tests.lists import check_pages, read_through, same
from connectors.erp.port import ALL
from connectors.erp.ports.books import BooksPort
from connectors.erp.queries import Direction, InvoiceFilter, InvoiceStatus, Order, Slice
from connectors.erp.records.invoice import InvoiceKind, InvoiceRecord, PaymentRecord
from connectors.errors import MalformedRecord

EVERYTHING = InvoiceFilter()
STORED = {"issueDate": "issue_date", "gross": "gross"}
COMPUTED = {"dueDate": "due_date", "amountDue": "amount_due"}
ONE = timedelta(days=1)


def by_issue(record: InvoiceRecord) -> tuple[str, ...]:
    """Where an invoice stands in its list."""
    return str(record.issue_date), record.id


def by_booking(record: PaymentRecord) -> tuple[str, ...]:
    """Where a payment stands in its list."""
    return str(record.booked_on), record.id


class BooksContract(ErpPartContract[BooksPort, BooksData]):
    """The worked numbers, and every read of the books."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "invoices_by_id": (), "invoices_by_number": (), "invoices_by_client": (EVERYTHING, PART),
        "invoice_counts_by_client": (EVERYTHING,), "invoices_by_contract": (EVERYTHING, PART),
        "invoice_counts_by_contract": (EVERYTHING,), "lines_by_invoice": (), "allocations_by_invoice": (),
        "allocations_by_payment": (), "payments_by_id": (), "payments_by_client": (PART,),
        "payment_counts_by_client": (), "balances_by_client": (), "virtual_accounts_by_client": (),
        "contract_balances_by_contract": (),
    }  # fmt: skip
    LISTS: ClassVar[Mapping[str, Paged]] = {
        "invoices_by_client": Paged("invoice_counts_by_client", by_issue, (EVERYTHING,)),
        "invoices_by_contract": Paged("invoice_counts_by_contract", by_issue, (EVERYTHING,)),
        "payments_by_client": Paged("payment_counts_by_client", by_booking),
    }

    @pytest.fixture
    def data(self) -> BooksData:
        """The worked books."""
        return BooksData()

    def streams(self, port: BooksPort, data: BooksData) -> Sequence[Call]:
        """Printing, where there is any."""
        del data
        return (partial(port.print_invoice, "1"),) if port.prints_invoices else ()

    async def known(self, port: BooksPort, data: BooksData) -> Mapping[str, Sequence[str]]:
        clients = (data.client, data.other)
        settled, paid = [], []
        for client in clients:
            invoices = await read_through(one_list(port, "invoices_by_client", client, EVERYTHING))
            settled.append(next(each for each in invoices if each.settled_amount > 0))
            payments = await read_through(one_list(port, "payments_by_client", client))
            paid.append(next(each for each in payments if each.allocated_amount > 0))
        ids, payments = [each.id for each in settled], [each.id for each in paid]
        contracts = (data.contract, data.other_contract)
        return {
            **dict.fromkeys(self.METHODS, clients),
            **dict.fromkeys(("invoices_by_id", "lines_by_invoice", "allocations_by_invoice"), ids),
            "invoices_by_number": [each.number for each in settled],
            **dict.fromkeys(("allocations_by_payment", "payments_by_id"), payments),
            **dict.fromkeys(("invoices_by_contract", "invoice_counts_by_contract"), contracts),
            "contract_balances_by_contract": contracts,
        }

    @pytest.mark.parametrize("name", ["part_paid", "corrected", "overpaid"])
    async def test_worked_invoices(self, name: str, port: BooksPort, data: BooksData) -> None:
        """A part payment, a correction that counts once, and an overpayment that owes nothing."""
        worked: WorkedInvoice = getattr(data, name)
        (found,) = await port.invoices_by_number([worked.number])
        assert isinstance(found, InvoiceRecord)
        assert (found.client_number, found.currency) == (data.client, "PLN")
        assert (found.net, found.vat, found.gross) == (worked.net, worked.vat, worked.gross)
        assert (found.settled_amount, found.amount_due) == (worked.allocated, worked.amount_due)
        assert (found.state, found.corrected) == (worked.state, name == "corrected")
        (page,) = await port.allocations_by_invoice([found.id])
        assert [(each.kind, each.amount) for each in whole(page.items)] == [(worked.by, worked.allocated)]

    async def test_a_correction_owes_nothing_itself(self, port: BooksPort, data: BooksData) -> None:
        corrected, correction = whole(await port.invoices_by_number([data.corrected.number, data.correction]))
        assert corrected is not None
        assert correction is not None
        assert (correction.kind, correction.gross) == (InvoiceKind.CORRECTION, -data.corrected.allocated)
        assert (correction.amount_due, correction.correction_of) == (Decimal(0), corrected.id)
        pages = await port.corrections_by_invoice([correction.id, corrected.id, "nothing", corrected.id])
        assert [[each.number for each in whole(page.items)] for page in pages] == [
            [], [data.correction], [], [data.correction],
        ]  # fmt: skip
        assert await port.corrections_by_invoice([]) == []

    async def test_the_net_balance_is_the_receivable(self, port: BooksPort, data: BooksData) -> None:
        (page,) = await port.balances_by_client([data.client])
        (balance,) = [each for each in whole(page.items) if each.currency == "PLN"]
        assert (balance.open, balance.overdue) == (data.open, data.overdue)
        assert (balance.unallocated_credit, balance.receivable) == (data.unallocated, data.receivable)
        invoices = await read_through(one_list(port, "invoices_by_client", data.client, EVERYTHING))
        payments = await read_through(one_list(port, "payments_by_client", data.client))
        due = sum(each.amount_due for each in invoices if each.currency == "PLN")
        credit = sum(each.unallocated_amount for each in payments if each.currency == "PLN")
        assert (due, credit, due - credit) == (data.open, data.unallocated, data.receivable)
        for each in payments:
            assert each.allocated_amount + each.unallocated_amount == each.amount

    async def test_statuses_part_the_list(self, port: BooksPort, data: BooksData) -> None:
        seen: list[str] = []
        for status in InvoiceStatus:
            where = InvoiceFilter(statuses=(status,))
            items = await read_through(one_list(port, "invoices_by_client", data.client, where))
            assert await port.invoice_counts_by_client([data.client], where) == [len(items)]
            numbers = {each.number for each in items}
            assert (data.part_paid.number in numbers) == (status is InvoiceStatus.OVERDUE)
            assert (data.corrected.number in numbers) == (status is InvoiceStatus.PARTIALLY_SETTLED)
            assert (data.overpaid.number in numbers) == (status is InvoiceStatus.PAID)
            seen += [each.id for each in items]
        every = await read_through(one_list(port, "invoices_by_client", data.client, EVERYTHING))
        assert sorted(seen) == sorted(each.id for each in every)

    async def test_filters(self, port: BooksPort, data: BooksData) -> None:
        every = await read_through(one_list(port, "invoices_by_client", data.client, EVERYTHING))
        (one,) = [each for each in every if each.number == data.part_paid.number]
        issued, due = one.issue_date, one.due_date
        wheres: list[tuple[InvoiceFilter, list[InvoiceRecord]]] = [
            (InvoiceFilter(issued_from=issued), [e for e in every if e.issue_date >= issued]),
            (InvoiceFilter(issued_to=issued), [e for e in every if e.issue_date <= issued]),
            (InvoiceFilter(due_from=due, due_to=due), [e for e in every if e.due_date == due]),
            (InvoiceFilter(due_from=due + ONE), [e for e in every if e.due_date > due]),
            (InvoiceFilter(kinds=(one.kind,)), [e for e in every if e.kind is one.kind]),
            (InvoiceFilter(number=one.number), [one]),
            (InvoiceFilter(number=one.number[:-1]), []),
            (
                InvoiceFilter(number_contains=one.number[1:-1].lower()),
                [e for e in every if one.number[1:-1].lower() in e.number.lower()],
            ),
            (InvoiceFilter(contract_number="nothing"), []),
            (
                InvoiceFilter(contract_number=data.contract),
                [e for e in every if e.contract_number == data.contract],
            ),
            (
                InvoiceFilter(currency="PLN", gross_from=one.gross, gross_to=one.gross),
                [e for e in every if (e.currency, e.gross) == ("PLN", one.gross)],
            ),
            (InvoiceFilter(currency="EUR"), [e for e in every if e.currency == "EUR"]),
        ]
        for where, wanted in wheres:
            found = await read_through(one_list(port, "invoices_by_client", data.client, where), 7)
            assert same(found, wanted), where
            assert await port.invoice_counts_by_client([data.client], where) == [len(wanted)], where

    async def test_orders_by_what_is_stored(self, port: BooksPort, data: BooksData) -> None:
        await self._in_order(port, data, STORED)

    async def test_orders_by_what_is_computed(self, port: BooksPort, data: BooksData) -> None:
        await self._in_order(port, data, COMPUTED)

    async def _in_order(self, port: BooksPort, data: BooksData, orders: Mapping[str, str]) -> None:
        """In pages of any size, in both directions."""
        where = InvoiceFilter(
            currency="PLN", statuses=(InvoiceStatus.OVERDUE, InvoiceStatus.PARTIALLY_SETTLED)
        )
        for name, attribute in orders.items():
            for direction in Direction:

                def position(record: InvoiceRecord, attribute: str = attribute) -> tuple[str, ...]:
                    return str(getattr(record, attribute)), record.id

                ask = one_list(port, "invoices_by_client", data.client, where)
                items = await check_pages(ask, position, Order(name, direction))
                values = [getattr(each, attribute) for each in items]
                assert values == sorted(values, reverse=direction is Direction.DESC)
                assert len(items) == 2

    async def test_what_is_printed_is_a_file(self, port: BooksPort, data: BooksData) -> None:
        (found,) = whole(await port.invoices_by_number([data.part_paid.number]))
        assert found is not None
        printed = await port.print_invoice(found.id)
        assert (printed is not None) == port.prints_invoices
        if printed is not None:
            assert printed.data
            assert printed.extension.isalnum()
        assert await port.print_invoice("nothing") is None

    async def test_contracts_list_their_own(self, port: BooksPort, data: BooksData) -> None:
        for client, contract in ((data.client, data.contract), (data.other, data.other_contract)):
            items = await read_through(one_list(port, "invoices_by_contract", contract, EVERYTHING))
            assert {(each.client_number, each.contract_number) for each in items} == {(client, contract)}

    async def test_over_all_clients_under_one_key(self, port: BooksPort, data: BooksData) -> None:
        where = InvoiceFilter(number=data.part_paid.number)
        pages = await port.all_invoices([ALL, data.client, ALL], where, Slice(5))
        assert [[each.number for each in whole(page.items)] for page in pages] == [
            [data.part_paid.number], [], [data.part_paid.number],
        ]  # fmt: skip
        assert await port.all_invoice_counts([ALL, data.client], where) == [1, 0]
        assert await port.all_invoices([], where, Slice(5)) == []
        assert await port.all_invoice_counts([], where) == []
        (page,) = await port.all_invoices([ALL], EVERYTHING, Slice(1))
        assert page.has_next
        assert records(page)

    async def test_a_malformed_invoice_is_its_own_error(
        self, port: BooksPort, data: BooksData, malformed: tuple[str, str]
    ) -> None:
        """Its neighbours in a list and in a batch are read."""
        client, key = malformed
        page, other = await port.invoices_by_client([client, data.client], EVERYTHING, Slice(1000))
        assert {type(each) for each in page.items} == {MalformedRecord, InvoiceRecord}
        assert whole(other.items)
        assert await port.invoice_counts_by_client([client], EVERYTHING) == [len(page.items)]
        sound = next(each for each in page.items if isinstance(each, InvoiceRecord))
        first, second, third = await port.invoices_by_id([sound.id, key, "0"])
        assert (first, third) == (msgspec.structs.replace(sound, as_of=first.as_of), None)  # type: ignore[union-attr]
        assert isinstance(second, MalformedRecord)
        assert second.client_number == client
