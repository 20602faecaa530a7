"""Service requests: of a client, by id, by number; what they are about, and what came of them."""

from datetime import datetime
from typing import TypeVar

import msgspec

from connectors.documents.port import DocumentOwner, DocumentRecord
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.errors import MalformedRecord
from resolvers.contracts import contracts_by_number
from resolvers.documents import Documents, documents_by_id, documents_by_owner
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset
from resolvers.relation import Relation, items

D = TypeVar("D", bound=msgspec.Struct)

SERVICE_REQUESTS: Keyset[ServiceRequestRecord] = Keyset("serviceRequests", submitted_at=datetime, id=str)

service_requests_by_id: Loader[ServiceRequestRecord | None] = asking(
    ServiceRequestRecord, lambda op: op.backoffice.requests.service_requests_by_id
)
service_requests_by_number: Loader[ServiceRequestRecord | None] = asking(
    ServiceRequestRecord, lambda op: op.backoffice.requests.service_requests_by_number
)
service_requests_by_client = Listing(
    SERVICE_REQUESTS,
    asking(ServiceRequestRecord, lambda op: op.backoffice.requests.service_requests_by_client),
    asking(ServiceRequestRecord, lambda op: op.backoffice.requests.service_request_counts_by_client),
)


async def service_requests_of_client(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[ServiceRequestRecord]:
    """A client's requests, newest first."""
    return await service_requests_by_client.connect(op, client.number, first, after)


contract_of: Relation[ServiceRequestRecord, ContractRecord | None] = Relation(
    contracts_by_number, "contract_number"
)
"""The contract that a request is about, if it is about one."""

documents_of_request: Relation[ServiceRequestRecord, Documents] = Relation(
    documents_by_owner, lambda each: DocumentOwner("request", each.id, each.client_number), items
)
"""What the back office made for a request, newest first."""


async def attachments_of(
    op: Operation, request: ServiceRequestRecord
) -> list[DocumentRecord | MalformedRecord | None]:
    """What the client sent along with a request, in its order; None for what the store no longer has."""
    found = await documents_by_id.load_each(op, request.attachment_ids)
    return [each if each and each.client_number == request.client_number else None for each in found]


def details_of(op: Operation, request: ServiceRequestRecord, kind: type[D]) -> D:
    """What a request of that kind asks for. Raises a MalformedRecord."""
    try:
        return msgspec.convert(request.details, kind)
    except msgspec.ValidationError as error:
        name = f"service request {request.id}"
        raise MalformedRecord(
            op.backoffice.requests.system, name, f"details: {error}", request.client_number
        ) from error
