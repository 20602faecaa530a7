"""ServiceRequest: something that a client asked the leasing company for; each kind is a type of its own."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from resolvers.clients import client_of_record
from resolvers.service_requests.reading import attachments_of, contract_of, documents_of_request
from schema.connection import Connection
from schema.document import Document
from schema.fields import described, related
from schema.node import Node, Source, sourced
from schema.request_kind import RequestKind
from schema.request_status import RequestStatus
from schema.service_fee import ServiceFee

if TYPE_CHECKING:
    from schema.client import Client
    from schema.contract import Contract


@strawberry.type(description="A status that a request got.")
class RequestEvent:
    status: RequestStatus = described("The status.")
    at: datetime = described("When it got it.")
    by: str = described("Who gave it: a portal user's login, or a name of the back office.")
    note: str | None = described("What was said with it.")


@strawberry.interface(description="Something that a client asked the leasing company for.")
class ServiceRequest(Node):
    number: str = described("The number that the back office gave it.")
    kind: RequestKind = described("What is asked for.")
    status: RequestStatus = described("Where it stands.")
    submitted_by: str = described("Login of the portal user who submitted it.")
    submitted_at: datetime = described("When it was submitted.")
    fee: ServiceFee | None = described("What it costs; null where the back office names no fee.")
    sla_due_at: datetime | None = described("When the back office has to be done with it.")
    history: list[RequestEvent] = described("The statuses that it got, oldest first.")
    client: Annotated["Client", strawberry.lazy("schema.client")] | None = related(
        client_of_record, "The client that asks."
    )
    contract: Annotated["Contract", strawberry.lazy("schema.contract")] | None = related(
        contract_of, "The contract that it is about; null when it is about the client."
    )
    attachments: list[Document | None] | None = related(
        attachments_of, "What the client sent along with it; null where the store has it no more."
    )
    result_documents: list[Document | None] | None = related(
        documents_of_request, "What the back office made for it, newest first."
    )
    source: Source = sourced("requests")


ServiceRequestConnection: TypeAlias = Connection[ServiceRequest]
