"""The root of all subscriptions."""

from typing import Annotated, Any

import strawberry

from resolvers import following
from resolvers.invoices import invoices_by_id
from resolvers.loading import Loader
from resolvers.notifications import notifications_by_id
from resolvers.service_requests.reading import service_requests_by_id
from schema.connection import ABSENT
from schema.fields import Info, argument
from schema.invoice import Invoice
from schema.noted import noted
from schema.notification import Notification
from schema.service_request import ServiceRequest

ClientNumber = Annotated[
    str | None,
    argument("Number of the client to follow; left out, all that you act for, and for a tool all there are."),
]


def _follows(collection: str, loader: Loader[Any], description: str) -> Any:
    """A field that follows a collection of the ERP's feed of changes."""

    async def resolve(root: strawberry.Parent[Any], info: Info, client_number: ClientNumber = ABSENT) -> Any:
        return await following.changed(info.context, root, collection, loader, client_number or None)

    return strawberry.field(resolver=resolve, description=description)


@noted
@strawberry.type(
    description="""Where every subscription begins. Each event is the object as it is now, read anew.
Several changes of an object that follow each other closely may come as one event."""
)
class Subscription:
    invoice_changed: Invoice | None = _follows(
        "invoices",
        invoices_by_id,
        "An invoice that was issued or changed: settled in part or whole, corrected, reminded of."
        " A status that follows from the day alone, such as OVERDUE, is no change.",
    )
    service_request_changed: ServiceRequest | None = _follows(
        "requests", service_requests_by_id, "A service request that was submitted or went a step further."
    )
    notification_changed: Notification | None = _follows(
        "notifications",
        notifications_by_id,
        "A notification that was made, or one of whose deliveries went a step further.",
    )
