"""What clients owe, from the open items: the lines of the receivable account that nothing has settled yet.

Their sum is what Tryton itself gives as the party's receivable.
"""

from decimal import Decimal
from itertools import groupby
from typing import Any

from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.client import BalanceRecord
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord
from connectors.erp.tryton.invoice_finding import ISSUED, RECEIVABLE, of_contracts
from connectors.erp.tryton.invoice_records import client_number, contract_number, money, now, today
from connectors.erp.tryton.invoices import INVOICES, Invoices
from connectors.erp.tryton.party_rows import PartyHead
from connectors.erp.tryton.reading import whole_lists
from connectors.erp.tryton.rows import Company, OpenItemHead, OpenItemRow, Row
from connectors.erp.tryton.service import Broken, Rows, Tryton, chunks, head_of
from connectors.erp.tryton.settling import ZERO, amount_due, due_date, due_on
from connectors.errors import MalformedRecord

OPEN_ITEMS = Rows("account.move.line", "open item", OpenItemRow, OpenItemHead)
OWNERS = Rows("party.party", "client", PartyHead, PartyHead)
COMPANIES = Rows("company.company", "company", Company, Row)


class Balances:
    """The balances of BooksPort."""

    def __init__(self, tryton: Tryton, invoices: Invoices) -> None:
        self._tryton = tryton
        self._invoices = invoices
        self._currency: str | None = None

    async def balances_by_client(self, numbers: Keys) -> Pages[BalanceRecord]:
        found: list[tuple[str, Any]] = []
        of_company = [["account.company", *clause[1:]] for clause in self._tryton.company]
        for chunk in chunks(numbers):
            domain = [*of_company, *RECEIVABLE, ["reconciliation", "=", None], ["party.code", "in", chunk]]
            rows = await self._tryton.read_all(OPEN_ITEMS, domain)
            for number, of_client in groupby(sorted(rows, key=_whose), _whose):
                found += [(number, each) for each in _balances(number, list(of_client))]
            owing = {number for number, _ in found}
            found += await self._nothing_due([number for number in chunk if number not in owing])
        return whole_lists(numbers, found)

    async def _nothing_due(self, numbers: Keys) -> list[tuple[str, BalanceRecord | MalformedRecord]]:
        """A balance of zero for each client of whom nothing is open, in the company's currency."""
        if not numbers:
            return []
        rows = await self._tryton.read(OWNERS, [["code", "in", numbers]])
        currency = await self._company_currency() if rows else None
        if currency is None:
            return []
        numbers = [head_of(row).code for row in rows]
        return [(number, _balance(number, currency, {})) for number in numbers]

    async def _company_currency(self) -> str | None:
        """Asked once: it can't change where something was posted. None where the companies of the key's user
        have several."""
        if self._currency is None:
            company = [["id", *clause[1:]] for clause in self._tryton.company]
            rows = await self._tryton.read(COMPANIES, company)
            codes = {row.currency.code for row in rows if isinstance(row, Company)}
            self._currency = codes.pop() if len(codes) == 1 else None
        return self._currency

    async def virtual_accounts_by_client(self, numbers: Keys) -> Pages[VirtualAccountRecord]:
        """None: a bank account of a Tryton party is the party's own."""
        return whole_lists(numbers, ())

    async def contract_balances_by_contract(self, numbers: Keys) -> Found[ContractBalanceRecord]:
        found: dict[str, ContractBalanceRecord | MalformedRecord] = {}
        day = today()
        for chunk in chunks(numbers):
            domain = [*self._tryton.company, *ISSUED, ["state", "=", "posted"], of_contracts(chunk)]
            for row in await self._tryton.read_all(INVOICES, domain):
                number = contract_number(head_of(row)) or ""
                known = found.get(number)
                if isinstance(row, Broken) or isinstance(known, MalformedRecord):
                    found[number] = row.error if isinstance(row, Broken) else known  # type: ignore[assignment]
                    continue
                due = money(amount_due(row))
                overdue = due if due_date(row) < day else money(ZERO)
                if known is not None:
                    due, overdue = due + known.open, overdue + known.overdue
                found[number] = ContractBalanceRecord(
                    as_of=now(),
                    contract_number=number,
                    client_number=client_number(row),
                    currency=row.currency.code or "",
                    open=due,
                    overdue=overdue,
                )
        await self._add_settled([number for number in numbers if number not in found], found)
        return [found.get(number) for number in numbers]

    async def _add_settled(self, numbers: Keys, found: dict[str, Any]) -> None:
        """Contracts on which nothing is due, if there ever was."""
        if not numbers:
            return
        pages = await self._invoices.invoices_by_contract(numbers, InvoiceFilter(), Slice(1))
        for number, page in zip(numbers, pages, strict=True):
            for last in page.items:
                found[number] = last
                if not isinstance(last, MalformedRecord):
                    found[number] = ContractBalanceRecord(
                        as_of=last.as_of,
                        contract_number=number,
                        client_number=last.client_number,
                        currency=last.currency,
                        open=money(ZERO),
                        overdue=money(ZERO),
                    )


def _whose(row: Any) -> str:
    return client_number(head_of(row))


def _balances(number: str, rows: list[Any]) -> list[BalanceRecord | MalformedRecord]:
    """One balance a currency: by invoice, so that what was paid too much on one is no other's."""
    for row in rows:
        if isinstance(row, Broken):
            return [row.error]
    sums: dict[str, dict[object, list[OpenItemRow]]] = {}
    for row in rows:
        invoice = row.invoice_payment or (row.origin_invoice if row.value > 0 else None)
        sums.setdefault(row.currency or "", {}).setdefault(invoice or f"line {row.id}", []).append(row)
    return [_balance(number, currency, sums[currency]) for currency in sorted(sums)]


def _balance(number: str, currency: str, invoices: dict[object, list[OpenItemRow]]) -> BalanceRecord:
    opened = overdue = credit = Decimal(0)
    day = today()
    for items in invoices.values():
        due = sum((each.value for each in items), ZERO)
        if due > 0:
            opened += due
            if min(due_on(each) for each in items if each.value > 0) < day:
                overdue += due
        else:
            credit -= due
    return BalanceRecord(
        as_of=now(),
        client_number=number,
        currency=currency,
        open=money(opened),
        overdue=money(overdue),
        unallocated_credit=money(credit),
        receivable=money(opened - credit),
    )
