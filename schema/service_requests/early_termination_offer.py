"""An offer for ending a contract early."""

from datetime import date

import strawberry

from connectors.erp.requests.early_termination_offer import EarlyTerminationOfferDetails as Details
from connectors.erp.requests.early_termination_offer import TerminationMode
from resolvers.service_requests.early_termination_offer import KIND
from schema.connection import ABSENT
from schema.fields import described, enum
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry

enum(
    TerminationMode,
    "What becomes of the asset when a contract ends early.",
    {
        "BUY_OUT": "The lessee buys it.",
        "RETURN": "It goes back to the lessor.",
        "THIRD_PARTY": "Somebody else buys it.",
    },
)


@strawberry.type(description="A request for an offer for ending a contract early.")
class EarlyTerminationOfferRequest(ServiceRequest):
    termination_date: date | None = detail(Details, "termination_date", "The day on which it is to end.")
    mode: TerminationMode | None = detail(Details, "mode", "What is to become of the asset.")
    buyer_nip: str | None = detail(Details, "buyer_nip", "NIP of the third party that buys.")
    valid_until: date | None = described("The last day on which the offer can be accepted.")


@strawberry.input(description="The submission of a request for an offer for ending a contract early.")
class ServiceRequestEarlyTerminationOfferSubmitInput(Terms):
    contract_id: strawberry.ID = strawberry.field(description="Id of the contract.")
    termination_date: date = strawberry.field(
        description="The day on which it is to end: today or later, and before the contract's end."
    )
    mode: TerminationMode = strawberry.field(description="What is to become of the asset.")
    buyer_nip: str | None = strawberry.field(
        default=ABSENT, description="NIP of the buyer, 10 digits; with THIRD_PARTY, and only there."
    )


ENTRY = entry(
    KIND,
    "An offer for ending a contract early.",
    EarlyTerminationOfferRequest,
    ServiceRequestEarlyTerminationOfferSubmitInput,
)
