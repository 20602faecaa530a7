"""An opinion on the cooperation so far."""

from typing import Any

import strawberry

from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.requests.cooperation_opinion import CooperationOpinionDetails as Details
from connectors.erp.requests.shared import PaperDelivery, PaperLanguage
from resolvers.contracts import contracts_by_number
from resolvers.operation import Operation
from resolvers.service_requests.cooperation_opinion import KIND
from resolvers.service_requests.reading import details_of
from schema.connection import ABSENT
from schema.contract import Contract
from schema.fields import related
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry


async def _contracts(op: Operation, request: ServiceRequestRecord) -> Any:
    numbers = details_of(op, request, Details).contract_numbers
    return None if numbers is None else await contracts_by_number.load_each(op, numbers)


@strawberry.type(description="A request for an opinion on the cooperation so far.")
class CooperationOpinionRequest(ServiceRequest):
    contracts: list[Contract | None] | None = related(_contracts, "What it is about; null for all contracts.")
    purpose: str | None = detail(Details, "purpose", "What the opinion is for.")
    addressee: str | None = detail(Details, "addressee", "Who will read it.")
    language: PaperLanguage | None = detail(Details, "language", "Its language.")
    delivery: PaperDelivery | None = detail(Details, "delivery", "How it reaches the client.")


@strawberry.input(description="Which contracts: exactly one of these.", one_of=True)
class ContractChoiceInput:
    all: bool | None = strawberry.field(
        default=ABSENT, description="Indicates whether all contracts are meant; must be true."
    )
    ids: list[strawberry.ID] | None = strawberry.field(
        default=ABSENT, description="Ids of contracts of the client, at most 100."
    )


@strawberry.input(description="The submission of a request for an opinion on the cooperation.")
class ServiceRequestCooperationOpinionSubmitInput(Terms):
    client_id: strawberry.ID = strawberry.field(description="Id of the client that asks.")
    contracts: ContractChoiceInput = strawberry.field(description="What the opinion is about.")
    purpose: str = strawberry.field(description="What it is for, 1 to 500 characters.")
    addressee: str = strawberry.field(description="Who will read it, 1 to 200 characters.")
    language: PaperLanguage = strawberry.field(description="Its language.")
    delivery: PaperDelivery = strawberry.field(description="How it is to reach the client.")


ENTRY = entry(
    KIND,
    "An opinion on the cooperation so far.",
    CooperationOpinionRequest,
    ServiceRequestCooperationOpinionSubmitInput,
)
