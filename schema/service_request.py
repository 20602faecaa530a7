"""ServiceRequest: something that a client asked the leasing company for."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

from connectors.erp.records.request import RequestKind, RequestStatus, ServiceRequestRecord
from resolvers.clients import client_of
from resolvers.contracts import contracts_by_id
from resolvers.operation import Operation
from schema.connection import Connection
from schema.fields import described, enum, related
from schema.node import Node, Source, sourced

if TYPE_CHECKING:
    from schema.client import Client
    from schema.contract import Contract

enum(
    RequestKind,
    "What can be asked for.",
    {
        "COOPERATION_OPINION": "An opinion on the cooperation so far.",
        "EARLY_TERMINATION_OFFER": "An offer for ending a contract early.",
        "POLICY_DUPLICATE": "A duplicate of an insurance policy.",
        "TRAVEL_AUTHORISATION": "An authorisation to take a vehicle abroad.",
        "SCHEDULE_CHANGE_OFFER": "An offer for changing the payment schedule.",
        "REGISTERED_SEAT_CHANGE": "A notice that the client's registered seat changes.",
    },
)
enum(
    RequestStatus,
    "Where a request stands.",
    {
        "DRAFT": "Not yet submitted.",
        "SUBMITTED": "Received by the back office.",
        "NEEDS_INFO": "The back office waits for something from the client.",
        "IN_REVIEW": "Being worked on.",
        "OFFER_READY": "An offer waits for the client's answer.",
        "ACCEPTED": "The client accepted the offer.",
        "COMPLETED": "Done.",
        "REJECTED": "Refused by the back office.",
        "CANCELLED": "Withdrawn by the client.",
        "EXPIRED": "The offer's time ran out.",
    },
)


async def _contract(op: Operation, request: ServiceRequestRecord) -> object:
    return request.contract_id and await contracts_by_id.load(op, request.contract_id)


@strawberry.type(description="Something that a client asked the leasing company for.")
class ServiceRequest(Node):
    number: str = described("The number that the back office gave it.")
    kind: RequestKind = described("What is asked for.")
    status: RequestStatus = described("Where it stands.")
    submitted_by: str = described("Login of the portal user who submitted it.")
    submitted_at: datetime = described("When it was submitted.")
    client: Annotated["Client", strawberry.lazy("schema.client")] | None = related(
        lambda op, request: client_of(op, request.client_number), "The client that asks."
    )
    contract: Annotated["Contract", strawberry.lazy("schema.contract")] | None = related(
        _contract, "The contract that it is about; null when it is about the client."
    )
    source: Source = sourced("erp")


ServiceRequestConnection: TypeAlias = Connection[ServiceRequest]
