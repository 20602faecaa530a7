"""Invoices: of a client, of a contract, by id, by number; and what settles them."""

from collections.abc import Sequence
from datetime import date

from connectors.batch import Page
from connectors.erp.port import Found, Pages
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord
from resolvers.errors import InputError
from resolvers.loading import loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

INVOICES: Keyset[InvoiceRecord] = Keyset("invoices", issue_date=date, id=str)


@loader
async def invoices_by_id(op: Operation, ids: Sequence[str]) -> Found[InvoiceRecord]:
    return await op.backoffice.erp.invoices_by_id(ids)


@loader
async def invoices_by_number(op: Operation, numbers: Sequence[str]) -> Found[InvoiceRecord]:
    return await op.backoffice.erp.invoices_by_number(numbers)


@loader
async def invoices_by_client(
    op: Operation, numbers: Sequence[str], where: InvoiceFilter, part: Slice
) -> Pages[InvoiceRecord]:
    return await op.backoffice.erp.invoices_by_client(numbers, where, part)


@loader
async def invoices_by_contract(
    op: Operation, ids: Sequence[str], where: InvoiceFilter, part: Slice
) -> Pages[InvoiceRecord]:
    return await op.backoffice.erp.invoices_by_contract(ids, where, part)


@loader
async def invoice_counts_by_client(op: Operation, numbers: Sequence[str], where: InvoiceFilter) -> list[int]:
    return await op.backoffice.erp.invoice_counts_by_client(numbers, where)


@loader
async def invoice_counts_by_contract(op: Operation, ids: Sequence[str], where: InvoiceFilter) -> list[int]:
    return await op.backoffice.erp.invoice_counts_by_contract(ids, where)


@loader
async def corrections_by_invoice(op: Operation, ids: Sequence[str]) -> Pages[InvoiceRecord]:
    return await op.backoffice.erp.corrections_by_invoice(ids)


@loader
async def allocations_by_invoice(op: Operation, ids: Sequence[str]) -> Pages[AllocationRecord]:
    return await op.backoffice.erp.allocations_by_invoice(ids)


async def invoices_of_client(
    op: Operation, client: ClientRecord, where: InvoiceFilter, first: int | None, after: str | None
) -> Connection[InvoiceRecord]:
    """A client's invoices, newest first."""
    check_dates(where)
    part = INVOICES.slice(first, after)
    page = await invoices_by_client.load(op, client.number, where, part)
    return Connection(INVOICES, part, page, lambda: invoice_counts_by_client.load(op, client.number, where))


async def invoices_of_contract(
    op: Operation, contract: ContractRecord, where: InvoiceFilter, first: int | None, after: str | None
) -> Connection[InvoiceRecord]:
    """A contract's invoices, newest first."""
    check_dates(where)
    part = INVOICES.slice(first, after)
    page = await invoices_by_contract.load(op, contract.id, where, part)
    return Connection(INVOICES, part, page, lambda: invoice_counts_by_contract.load(op, contract.id, where))


async def corrections_of(op: Operation, invoice: InvoiceRecord) -> Sequence[InvoiceRecord]:
    """The corrections of an invoice, newest first."""
    page: Page[InvoiceRecord] = await corrections_by_invoice.load(op, invoice.id)
    return page.items


async def allocations_of(op: Operation, invoice: InvoiceRecord) -> Sequence[AllocationRecord]:
    """What settles an invoice, in the ERP's order."""
    page: Page[AllocationRecord] = await allocations_by_invoice.load(op, invoice.id)
    return page.items


def check_dates(where: InvoiceFilter) -> None:
    """Raises InputError where a span ends before it begins."""
    for name in ("issued", "due"):
        start, end = getattr(where, f"{name}_from"), getattr(where, f"{name}_to")
        if start is not None and end is not None and start > end:
            raise InputError(
                f"filter.{name}From", f"must not be after 'filter.{name}To'; {start} is after {end}"
            )
