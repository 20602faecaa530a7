"""Payments of a client."""

from collections.abc import Sequence
from datetime import date

from connectors.batch import Page
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.invoice import AllocationRecord, PaymentRecord
from connectors.errors import MalformedRecord
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset
from resolvers.relation import Relation, items

PAYMENTS: Keyset[PaymentRecord] = Keyset("payments", booked_on=date, id=str)

payments_by_id: Loader[PaymentRecord | None] = asking(
    PaymentRecord, lambda op: op.backoffice.books.payments_by_id
)
payments_by_client = Listing(
    PAYMENTS,
    asking(PaymentRecord, lambda op: op.backoffice.books.payments_by_client),
    asking(PaymentRecord, lambda op: op.backoffice.books.payment_counts_by_client),
)
allocations_by_payment: Loader[Page[AllocationRecord | MalformedRecord]] = asking(
    AllocationRecord, lambda op: op.backoffice.books.allocations_by_payment
)


async def payments_of_client(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[PaymentRecord]:
    """A client's payments, newest first."""
    return await payments_by_client.connect(op, client.number, first, after)


allocations_of_payment: Relation[PaymentRecord, Sequence[AllocationRecord | MalformedRecord]] = Relation(
    allocations_by_payment, "id", items
)
"""Where the money of a payment went, in the ERP's order."""
