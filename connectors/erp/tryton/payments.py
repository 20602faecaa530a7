"""Payments: the entries of payment journals, split by whose they are; and where their money went."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from connectors.batch import Page
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import Slice
from connectors.erp.records.invoice import AllocationRecord, PaymentChannel, PaymentRecord
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.invoice_finding import ISSUED, RECEIVABLE
from connectors.erp.tryton.invoice_records import allocation_record, money, now
from connectors.erp.tryton.invoices import INVOICES
from connectors.erp.tryton.listing import Column, Position, first_of_each
from connectors.erp.tryton.reading import Reader, aligned, ids_of, whole_lists
from connectors.erp.tryton.rows import PaidItem, PaymentHead, PaymentRow
from connectors.erp.tryton.service import Broken, Rows, Tryton, chunks, few_at_a_time, head_of
from connectors.erp.tryton.settling import ZERO, credits_of, matches
from connectors.erp.tryton.values import Domain, amount, day
from connectors.errors import MalformedRecord, NotAnswerable

PAYMENTS = Rows("account.move", "payment", PaymentRow, PaymentHead)
NEWEST = Column("date")
GIVEN: Domain = [*RECEIVABLE, ["credit", ">", amount(ZERO)]]
"""The lines of an entry that are money received from a client."""


class Payments:
    """The payments and allocations of BooksPort. A payment's id is its entry's and its party's: "312-2"."""

    def __init__(self, tryton: Tryton, choices: Choices) -> None:
        self._tryton = tryton
        self._choices = choices
        self._reader = Reader(tryton.system)
        self._booked: Domain = [
            *tryton.company,
            ["state", "=", "posted"],
            ["journal.type", "in", list(choices.payment_journals)],
        ]

    async def payments_by_id(self, ids: Keys) -> Found[PaymentRecord]:
        return aligned(
            ids, ((key, self._payment(row, items)) for key, row, items in await self._entries(ids))
        )

    async def payments_by_client(self, numbers: Keys, part: Slice) -> Pages[PaymentRecord]:
        async def ask(asked: list[str], after: Position | None, limit: int) -> list[PaymentRow | Broken]:
            lines = ["lines", "where", [*GIVEN, ["party.code", "in", asked]]]
            question = [*self._booked, lines, *NEWEST.behind(after)]
            return await self._tryton.read(PAYMENTS, question, NEWEST.order, limit)

        after = self._after(part)
        rows: dict[str, list[Any]] = {key: [] for key in numbers}
        found = await first_of_each(numbers, part.first, after, NEWEST, ask, _payers, lambda _: True)
        for key, of_key in found.items():
            for row in of_key:
                rows[key] += _shares(row, key)
        return [
            Page(
                [self._payment(row, items) for row, items in rows[key][: part.first]],
                len(rows[key]) > part.first,
                _position(rows[key][: part.first]),
            )
            for key in numbers
        ]

    async def payment_counts_by_client(self, numbers: Keys) -> list[int]:
        def domain(number: str) -> Domain:
            return [*self._booked, ["lines", "where", [*GIVEN, ["party.code", "=", number]]]]

        return await few_at_a_time(numbers, lambda key: self._tryton.count(PAYMENTS.model, domain(key)))

    async def allocations_by_payment(self, ids: Keys) -> Pages[AllocationRecord]:
        found: list[tuple[str, Any]] = []
        for key, _, items in await self._entries(ids):
            if isinstance(items, Broken):
                found.append((key, items.error))
                continue
            found += [(key, each) for item in items for each in self._allocations(item)]
        return whole_lists(ids, found)

    async def allocations_by_invoice(self, ids: Keys) -> Pages[AllocationRecord]:
        found: list[tuple[str, Any]] = []
        for chunk in chunks(ids_of(ids)):
            domain = [*self._tryton.company, *ISSUED, ["id", "in", chunk]]
            for row in await self._tryton.read(INVOICES, domain):
                key = str(head_of(row).id)
                if isinstance(row, Broken):
                    found.append((key, row.error))
                    continue
                for match in credits_of(row):
                    record = allocation_record(
                        match.credit,
                        row.id,
                        match.amount,
                        row.party.code or "",
                        row.currency.code or "",
                        row.party.id,
                        self._choices,
                    )
                    found.append((key, record))
        return whole_lists(ids, found)

    async def _entries(self, ids: Keys) -> list[tuple[str, Any, Any]]:
        """The entry and the lines behind each id that has some."""
        wanted: dict[int, list[str]] = {}
        for key in dict.fromkeys(ids):
            numbers = ids_of(key.split("-"))
            if len(numbers) == 2 and key == f"{numbers[0]}-{numbers[1]}":
                wanted.setdefault(numbers[0], []).append(key)
        found: list[tuple[str, Any, Any]] = []
        for chunk in chunks(wanted):
            for row in await self._tryton.read(PAYMENTS, [*self._booked, ["id", "in", chunk]]):
                for key in wanted[head_of(row).id]:
                    if isinstance(row, Broken):
                        parties = [each.party for each in row.head.owned if each.party is not None]
                        mine = (each.code for each in parties if key == f"{row.head.id}-{each.id}")
                        found += [
                            (key, broken, broken) for broken in [_of(row, number) for number in mine][:1]
                        ]
                        continue
                    items = [
                        each for each in _given(row) if each.party and key == f"{row.id}-{each.party.id}"
                    ]
                    if items:
                        found.append((key, row, items))
        return found

    def _payment(self, row: Any, items: Any) -> Any:
        return self._reader.record(row, PAYMENTS.noun, lambda row: self._payment_record(row, items))

    def _payment_record(self, row: PaymentRow, items: Sequence[PaidItem]) -> PaymentRecord:
        party = items[0].party
        given = sum((-each.value for each in items), ZERO)
        went = sum((each.amount for item in items for each in self._allocations(item)), ZERO)
        return PaymentRecord(
            as_of=now(),
            id=f"{row.id}-{party.id if party else ''}",
            client_number=(party.code if party else None) or "",
            booked_on=row.date.date,
            value_on=None,
            amount=money(given),
            currency=items[0].currency or "",
            channel=PaymentChannel.UNKNOWN,
            payer_account_masked=None,
            title=row.description or None,
            allocated_amount=money(went),
            unallocated_amount=money(given - went),
        )

    def _allocations(self, item: PaidItem) -> list[AllocationRecord]:
        """Where one line of a payment went."""
        went: dict[int, Any] = {}
        if item.reconciliation is None:
            if item.invoice_payment is not None:
                went[item.invoice_payment] = -item.value
        else:
            for match in matches(item.reconciliation.lines):
                invoice = match.debit.origin_invoice if match.debit else None
                if match.credit.id == item.id and invoice is not None:
                    went[invoice] = went.get(invoice, ZERO) + match.amount
        owner = (item.party.code if item.party else None) or ""
        payer = item.party.id if item.party else None
        return [
            allocation_record(item, invoice, part, owner, item.currency or "", payer, self._choices)
            for invoice, part in went.items()
        ]

    def _after(self, part: Slice) -> Position | None:
        if part.after is None:
            return None
        try:
            return day(date.fromisoformat(part.after[0])), int(part.after[1].partition("-")[0])
        except ValueError as error:
            raise NotAnswerable(self._tryton.system, "the position is none of this list's") from error


def _given(row: PaymentRow) -> list[PaidItem]:
    return [
        each for each in row.lines if each.account.type and each.account.type.receivable and each.value < 0
    ]


def _payers(head: Any) -> list[str]:
    """Whose payments an entry holds; of a broken one whose lines."""
    lines: Sequence[Any] = _given(head) if isinstance(head, PaymentRow) else head.owned
    return list({each.party.code: None for each in lines if each.party and each.party.code})


def _shares(row: Any, number: str) -> list[tuple[Any, Any]]:
    """An entry's payment of one client, by its party: two parties with one number there are none."""
    if isinstance(row, Broken):
        return [(_of(row, number), row)]
    return [(row, [each for each in _given(row) if each.party and each.party.code == number])]


def _of(row: Broken, number: str | None) -> Broken:
    """A broken entry as one client's."""
    error = row.error
    return row._replace(error=MalformedRecord(error.system, error.record, error.reason, number))


def _position(shares: Sequence[tuple[Any, Any]]) -> tuple[str, str] | None:
    """Who comes after is told by the entry; its party is none of the order."""
    if not shares:
        return None
    head = head_of(shares[-1][0])
    return head.date.date.isoformat(), str(head.id)
