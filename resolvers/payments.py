"""Payments of a client."""

from collections.abc import Sequence
from datetime import date

from connectors.batch import Page
from connectors.erp.port import Found, Pages
from connectors.erp.queries import Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.invoice import AllocationRecord, PaymentRecord
from resolvers.loading import loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

PAYMENTS: Keyset[PaymentRecord] = Keyset("payments", booked_on=date, id=str)


@loader
async def payments_by_id(op: Operation, ids: Sequence[str]) -> Found[PaymentRecord]:
    return await op.backoffice.erp.payments_by_id(ids)


@loader
async def payments_by_client(op: Operation, numbers: Sequence[str], part: Slice) -> Pages[PaymentRecord]:
    return await op.backoffice.erp.payments_by_client(numbers, part)


@loader
async def payment_counts_by_client(op: Operation, numbers: Sequence[str]) -> list[int]:
    return await op.backoffice.erp.payment_counts_by_client(numbers)


@loader
async def allocations_by_payment(op: Operation, ids: Sequence[str]) -> Pages[AllocationRecord]:
    return await op.backoffice.erp.allocations_by_payment(ids)


async def payments_of_client(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[PaymentRecord]:
    """A client's payments, newest first."""
    part = PAYMENTS.slice(first, after)
    page = await payments_by_client.load(op, client.number, part)
    return Connection(PAYMENTS, part, page, lambda: payment_counts_by_client.load(op, client.number))


async def allocations_of_payment(op: Operation, payment: PaymentRecord) -> Sequence[AllocationRecord]:
    """Where the money of a payment went, in the ERP's order."""
    page: Page[AllocationRecord] = await allocations_by_payment.load(op, payment.id)
    return page.items
