"""A notice that the client's registered seat changes."""

from datetime import date

import strawberry

from connectors.erp.requests.registered_seat_change import RegisteredSeatChangeDetails as Details
from resolvers.service_requests.registered_seat_change import KIND
from schema.client import Address
from schema.connection import ABSENT
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry


@strawberry.type(description="A notice that the client's registered seat changes; its NIP stays.")
class RegisteredSeatChangeRequest(ServiceRequest):
    address: Address | None = detail(Details, "address", "The new seat.")
    effective_on: date | None = detail(Details, "effective_on", "The day from which it holds.")
    register_evidence: str | None = detail(
        Details, "register_evidence", "The register's entry that shows the new seat."
    )
    correspondence_address_too: bool | None = detail(
        Details, "correspondence_address_too", "Indicates whether letters go to the new seat too."
    )


@strawberry.input(description="A postal address.")
class AddressInput:
    street: str = strawberry.field(description="Street, up to 100 characters.")
    building: str = strawberry.field(description="Number of the building, up to 20 characters.")
    unit: str | None = strawberry.field(
        default=ABSENT, description="Number of the flat or office, up to 20 characters."
    )
    postal_code: str = strawberry.field(description="Postal code; in Poland NN-NNN.")
    city: str = strawberry.field(description="Town or city, up to 100 characters.")
    country: str = strawberry.field(description="Country, as two capital letters of ISO 3166-1.")


@strawberry.input(description="The submission of a notice that the client's registered seat changes.")
class ServiceRequestRegisteredSeatChangeSubmitInput(Terms):
    client_id: strawberry.ID = strawberry.field(description="Id of the client.")
    address: AddressInput = strawberry.field(description="The new seat.")
    effective_on: date = strawberry.field(description="The day from which it holds.")
    register_evidence: str = strawberry.field(
        description="The entry in KRS or CEIDG that shows the new seat, up to 200 characters."
    )
    correspondence_address_too: bool = strawberry.field(
        description="Indicates whether letters are to go to the new seat too."
    )


ENTRY = entry(
    KIND,
    "A notice that the client's registered seat changes.",
    RegisteredSeatChangeRequest,
    ServiceRequestRegisteredSeatChangeSubmitInput,
)
