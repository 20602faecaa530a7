"""Notifications of a client, and which of them the viewer has read."""

from datetime import datetime

from connectors.erp.queries import NotificationFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.records.notification import NotificationRecord
from resolvers.invoices import invoices_by_number
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset
from resolvers.relation import Relation
from resolvers.user_state import Mark, marks_of_viewer

MOST_READ = 10_000
"""How many read notifications the ERP's contract lets us leave out; the ones read last."""

NOTIFICATIONS: Keyset[NotificationRecord] = Keyset("notifications", created_at=datetime, id=str)

notifications_by_id: Loader[NotificationRecord | None] = asking(
    NotificationRecord, lambda op: op.backoffice.notifications.notifications_by_id
)
notifications_by_client = Listing(
    NOTIFICATIONS,
    asking(NotificationRecord, lambda op: op.backoffice.notifications.notifications_by_client),
    asking(NotificationRecord, lambda op: op.backoffice.notifications.notification_counts_by_client),
)


async def notifications_of(
    op: Operation, client: ClientRecord, unread_only: bool, first: int | None, after: str | None
) -> Connection[NotificationRecord]:
    """A client's notifications, newest first; what the viewer has read is left out by the ERP itself."""
    where = NotificationFilter()
    if unread_only:
        read = await marks_of_viewer(op, Mark.READ_NOTIFICATION)
        latest = sorted(read, key=lambda key: (read[key], key), reverse=True)[:MOST_READ]
        where = NotificationFilter(except_ids=tuple(latest))
    return await notifications_by_client.connect(op, client.number, first, after, where)


async def read_at(op: Operation, notification: NotificationRecord) -> datetime | None:
    """When the viewer read it."""
    return (await marks_of_viewer(op, Mark.READ_NOTIFICATION)).get(notification.id)


invoice_of: Relation[NotificationRecord, InvoiceRecord | None] = Relation(
    invoices_by_number, "invoice_number"
)
"""The invoice that it tells of."""
