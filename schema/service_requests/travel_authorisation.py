"""An authorisation to take a vehicle abroad."""

from datetime import date

import strawberry

from connectors.erp.requests.shared import PaperLanguage
from connectors.erp.requests.travel_authorisation import TravelAuthorisationDetails as Details
from resolvers.service_requests.travel_authorisation import KIND
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry


@strawberry.type(description="A request for an authorisation to take a vehicle abroad.")
class TravelAuthorisationRequest(ServiceRequest):
    registration_number: str | None = detail(
        Details, "registration_number", "Registration number of the vehicle."
    )
    countries: list[str] | None = detail(Details, "countries", "Where to: two letters of ISO 3166-1 each.")
    first_day: date | None = detail(Details, "first_day", "First day abroad.", name="from")
    last_day: date | None = detail(Details, "last_day", "Last day abroad.", name="to")
    drivers: list[str] | None = detail(Details, "drivers", "Names of the drivers.")
    language: PaperLanguage | None = detail(Details, "language", "Language of the authorisation.")
    policy_annex: bool | None = detail(
        Details,
        "policy_annex",
        "Indicates whether an annex extends the policy's cover to all these countries.",
    )


@strawberry.input(description="The submission of a request for an authorisation to take a vehicle abroad.")
class ServiceRequestTravelAuthorisationSubmitInput(Terms):
    contract_id: strawberry.ID = strawberry.field(description="Id of the contract.")
    registration_number: str = strawberry.field(
        description="Registration number of a vehicle of the contract; spaces do not matter."
    )
    countries: list[str] = strawberry.field(
        description="Where to: 1 to 50 countries, two capital letters of ISO 3166-1 each."
    )
    first_day: date = strawberry.field(name="from", description="First day abroad: today or later.")
    last_day: date = strawberry.field(
        name="to", description="Last day abroad: not before the first, nor after the policy's end."
    )
    drivers: list[str] = strawberry.field(description="Names of 1 to 10 drivers, each up to 100 characters.")
    language: PaperLanguage = strawberry.field(description="Language of the authorisation.")
    policy_annex: bool = strawberry.field(
        default=False,
        description="Indicates whether to order an annex that extends the policy to all these countries.",
    )


ENTRY = entry(
    KIND,
    "An authorisation to take a vehicle abroad.",
    TravelAuthorisationRequest,
    ServiceRequestTravelAuthorisationSubmitInput,
)
