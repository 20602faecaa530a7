"""Service requests of a client."""

from collections.abc import Sequence
from datetime import datetime

from connectors.erp.port import Found, Pages
from connectors.erp.queries import Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.request import ServiceRequestRecord
from resolvers.loading import loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

SERVICE_REQUESTS: Keyset[ServiceRequestRecord] = Keyset("serviceRequests", submitted_at=datetime, id=str)


@loader
async def service_requests_by_id(op: Operation, ids: Sequence[str]) -> Found[ServiceRequestRecord]:
    return await op.backoffice.erp.service_requests_by_id(ids)


@loader
async def service_requests_by_number(op: Operation, numbers: Sequence[str]) -> Found[ServiceRequestRecord]:
    return await op.backoffice.erp.service_requests_by_number(numbers)


@loader
async def service_requests_by_client(
    op: Operation, numbers: Sequence[str], part: Slice
) -> Pages[ServiceRequestRecord]:
    return await op.backoffice.erp.service_requests_by_client(numbers, part)


@loader
async def service_request_counts_by_client(op: Operation, numbers: Sequence[str]) -> list[int]:
    return await op.backoffice.erp.service_request_counts_by_client(numbers)


async def service_requests_of_client(
    op: Operation, client: ClientRecord, first: int | None, after: str | None
) -> Connection[ServiceRequestRecord]:
    """A client's requests, newest first."""
    part = SERVICE_REQUESTS.slice(first, after)
    page = await service_requests_by_client.load(op, client.number, part)
    return Connection(
        SERVICE_REQUESTS, part, page, lambda: service_request_counts_by_client.load(op, client.number)
    )
