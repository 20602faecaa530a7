"""Invoices: by id, by number, and in lists."""

from collections.abc import Callable, Sequence
from typing import Any

from connectors.batch import Page
from connectors.erp.port import ALL, Found, Keys, Pages
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.invoice_terms import Dunning
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.dunnings import Dunnings
from connectors.erp.tryton.invoice_finding import (
    BELOW_ZERO,
    ISSUED,
    NEWEST,
    column_of,
    conditions,
    fitting,
    of_contracts,
    position_of,
)
from connectors.erp.tryton.invoice_records import (
    client_number,
    contract_number,
    invoice_record,
    line_record,
    today,
)
from connectors.erp.tryton.listing import Column, Position, first_of_each
from connectors.erp.tryton.reading import Reader, aligned, ids_of, whole_lists
from connectors.erp.tryton.rows import InvoiceHead, InvoiceRow, LineHead, LineRow
from connectors.erp.tryton.service import Broken, Rows, Tryton, chunks, few_at_a_time, head_of
from connectors.erp.tryton.values import Amount, Day, Domain
from connectors.errors import NotAnswerable

INVOICES = Rows("account.invoice", "invoice", InvoiceRow, InvoiceHead)
LINES = Rows("account.invoice.line", "invoice line", LineRow, LineHead)
COUNTED = 10_000
"""So many invoices may be looked at to count those of a status or kind."""

_KeysOf = Callable[[InvoiceHead], Sequence[str]]


class Invoices:
    """The invoices of BooksPort."""

    def __init__(self, tryton: Tryton, choices: Choices) -> None:
        self._tryton = tryton
        self._choices = choices
        self._reader = Reader(tryton.system)
        self._dunnings = Dunnings(tryton)

    async def invoices_by_id(self, ids: Keys) -> Found[InvoiceRecord]:
        rows = await self._of("id", ids_of(ids))
        return aligned(ids, await self._records(rows, lambda head: [str(head.id)]))

    async def invoices_by_number(self, numbers: Keys) -> Found[InvoiceRecord]:
        rows = await self._of("number", list(numbers))
        found = [
            (row, record) for row, (_, record) in zip(rows, await self._records(rows, _whole), strict=True)
        ]
        return aligned(numbers, ((getattr(row, "number", ""), record) for row, record in found))

    async def invoices_by_client(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        return await self._pages(numbers, _of_clients, _client, where, part)

    async def invoice_counts_by_client(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        return await self._counts(numbers, _of_clients, where)

    async def invoices_by_contract(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        return await self._pages(numbers, of_contracts, _contract, where, part)

    async def invoice_counts_by_contract(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        return await self._counts(numbers, of_contracts, where)

    async def all_invoices(self, keys: Keys, where: InvoiceFilter, part: Slice) -> Pages[InvoiceRecord]:
        if ALL not in keys:
            return [Page([]) for _ in keys]
        (page,) = await self._pages([ALL], _of_all, lambda _: (ALL,), where, part)
        return [page if key == ALL else Page([]) for key in keys]

    async def all_invoice_counts(self, keys: Keys, where: InvoiceFilter) -> list[int]:
        if ALL not in keys:
            return [0 for _ in keys]
        (count,) = await self._counts([ALL], _of_all, where)
        return [count if key == ALL else 0 for key in keys]

    async def corrections_by_invoice(self, ids: Keys) -> Pages[InvoiceRecord]:
        rows: list[Any] = []
        for chunk in chunks(ids_of(ids)):
            rows += await self._tryton.read(
                INVOICES,
                [*self._tryton.company, *ISSUED, BELOW_ZERO, ["origin_invoices", "in", chunk]],
                NEWEST.order,
            )
        return whole_lists(ids, await self._records(rows, _corrected))

    async def lines_by_invoice(self, ids: Keys) -> Pages[InvoiceLineRecord]:
        found = []
        for chunk in chunks(ids_of(ids)):
            of_invoice = [[f"invoice.{name}", *rest] for name, *rest in (*self._tryton.company, *ISSUED)]
            domain: Domain = [["type", "=", "line"], ["invoice", "in", chunk], *of_invoice]
            order = [("invoice", "ASC"), ("sequence", "ASC NULLS FIRST"), ("id", "ASC")]
            numbers: dict[int, int] = {}
            for row in await self._tryton.read(LINES, domain, order):
                invoice = head_of(row).invoice
                number = numbers[invoice] = numbers.get(invoice, 0) + 1
                record = self._reader.record(row, LINES.noun, lambda row, n=number: line_record(row, n))  # type: ignore[misc]
                found.append((str(invoice), record))
        return whole_lists(ids, found)

    async def _of(self, field: str, keys: Sequence[Any]) -> list[InvoiceRow | Broken]:
        rows: list[InvoiceRow | Broken] = []
        for chunk in chunks(keys):
            rows += await self._tryton.read(INVOICES, [*self._tryton.company, *ISSUED, [field, "in", chunk]])
        return rows

    async def _pages(
        self,
        keys: Keys,
        of: Callable[[list[str]], Domain],
        keys_of: _KeysOf,
        where: InvoiceFilter,
        part: Slice,
    ) -> Pages[InvoiceRecord]:
        column = column_of(self._tryton.system, part)
        day = today()
        domain = [*self._tryton.company, *conditions(self._tryton.system, where, self._choices, day)]

        async def ask(asked: list[str], after: Position | None, limit: int) -> list[InvoiceRow | Broken]:
            question = [*domain, of(asked), *column.behind(after)]
            return await self._tryton.read(INVOICES, question, column.order, limit)

        fits = fitting(where, self._choices, day) or _any
        after = position_of(self._tryton.system, part)
        found = await first_of_each(keys, part.first, after, column, ask, keys_of, fits)
        rows = {head_of(row).id: row for of_key in found.values() for row in of_key[: part.first]}
        records = dict(zip(rows, await self._records(list(rows.values()), _whole), strict=True))
        return [
            Page(
                [records[head_of(row).id][1] for row in found[key][: part.first]],
                len(found[key]) > part.first,
                _position(column, found[key][: part.first]),
            )
            for key in keys
        ]

    async def _counts(self, keys: Keys, of: Callable[[list[str]], Domain], where: InvoiceFilter) -> list[int]:
        """Tryton counts for one key at a time."""
        return await few_at_a_time(keys, lambda key: self._count(of([key]), where))

    async def _count(self, of: Domain, where: InvoiceFilter) -> int:
        """How many of a key's invoices there are; to tell those of a status apart they must be read."""
        day = today()
        conditions_ = conditions(self._tryton.system, where, self._choices, day)
        domain = [*self._tryton.company, *conditions_, of]
        count = await self._tryton.count(INVOICES.model, domain)
        fits = fitting(where, self._choices, day)
        if fits is None or not count:
            return count
        if count > COUNTED:
            raise NotAnswerable(self._tryton.system, "there are too many to count by these conditions")
        rows = await self._tryton.read_all(INVOICES, domain)
        return sum(isinstance(row, Broken) or fits(row) for row in rows)

    async def _records(self, rows: Sequence[Any], keys_of: _KeysOf) -> list[tuple[str, Any]]:
        """Each row's key and record."""
        dunnings = await self._dunnings.of([row for row in rows if not isinstance(row, Broken)])
        return [
            (key, self._reader.record(row, INVOICES.noun, lambda row: self._invoice(row, dunnings)))
            for row in rows
            for key in keys_of(head_of(row))
        ]

    def _invoice(self, row: InvoiceRow, dunnings: dict[int, Dunning]) -> InvoiceRecord:
        return invoice_record(row, self._choices, dunnings.get(row.id))


def _of_clients(numbers: list[str]) -> Domain:
    return ["party.code", "in", numbers]


def _of_all(_keys: list[str]) -> Domain:
    return ["party.code", "!=", None]


def _client(head: InvoiceHead) -> Sequence[str]:
    return (client_number(head),)


def _contract(head: InvoiceHead) -> Sequence[str]:
    return (contract_number(head) or "",)


def _corrected(head: InvoiceHead) -> Sequence[str]:
    return [str(each.id) for each in head.origin_invoices]


def _whole(_head: InvoiceHead) -> Sequence[str]:
    return ("",)


def _any(_row: InvoiceRow) -> bool:
    return True


def _position(column: Column, rows: Sequence[Any]) -> tuple[str, str] | None:
    if not rows:
        return None
    value, number = column.position(rows[-1])
    text = (
        value.date.isoformat()
        if isinstance(value, Day)
        else str(value.decimal)
        if isinstance(value, Amount)
        else ""
    )
    return text, str(number)
