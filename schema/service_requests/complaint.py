"""A complaint."""

from typing import Any

import strawberry

from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.requests.complaint import ComplaintDetails as Details
from resolvers.invoices import invoices_by_number
from resolvers.operation import Operation
from resolvers.service_requests.complaint import KIND
from resolvers.service_requests.reading import details_of
from schema.connection import ABSENT
from schema.fields import related
from schema.invoice import Invoice
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry


async def _invoice(op: Operation, request: ServiceRequestRecord) -> Any:
    number = details_of(op, request, Details).invoice_number
    return await invoices_by_number.load(op, number) if number else None


@strawberry.type(description="A complaint.")
class ComplaintRequest(ServiceRequest):
    subject: str | None = detail(Details, "subject", "What it is about, in short.")
    description: str | None = detail(Details, "description", "What is wrong.")
    invoice: Invoice | None = related(_invoice, "The invoice that it is about; null when about none.")


@strawberry.input(description="The submission of a complaint.")
class ServiceRequestComplaintSubmitInput(Terms):
    client_id: strawberry.ID = strawberry.field(description="Id of the client that complains.")
    subject: str = strawberry.field(description="What it is about, 1 to 200 characters.")
    description: str = strawberry.field(description="What is wrong, 1 to 4000 characters.")
    invoice_number: str | None = strawberry.field(
        default=ABSENT, description="Number of the client's invoice that it is about."
    )


ENTRY = entry(KIND, "A complaint.", ComplaintRequest, ServiceRequestComplaintSubmitInput)
