"""Service requests of a client."""

from datetime import datetime

from connectors.erp.records.client import ClientRecord
from connectors.erp.records.request import ServiceRequestRecord
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

SERVICE_REQUESTS: Keyset[ServiceRequestRecord] = Keyset("serviceRequests", submitted_at=datetime, id=str)

service_requests_by_id: Loader[ServiceRequestRecord | None] = asking(
    lambda op: op.backoffice.erp.service_requests_by_id
)
service_requests_by_number: Loader[ServiceRequestRecord | None] = asking(
    lambda op: op.backoffice.erp.service_requests_by_number
)
service_requests_by_client = Listing(
    SERVICE_REQUESTS,
    asking(lambda op: op.backoffice.erp.service_requests_by_client),
    asking(lambda op: op.backoffice.erp.service_request_counts_by_client),
)


async def service_requests_of_client(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[ServiceRequestRecord]:
    """A client's requests, newest first."""
    return await service_requests_by_client.connect(op, client.number, first, after)
