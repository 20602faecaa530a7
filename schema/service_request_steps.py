"""What follows a submitted request: `serviceRequestCancel` and `serviceRequestOfferAccept`."""

from typing import Annotated, Any

import strawberry

from resolvers.service_requests.steps import accept_offer, cancel
from schema.fields import Info, argument, described
from schema.service_request import ServiceRequest
from schema.user_error import UserError


@strawberry.input(description="The cancellation of a service request.")
class ServiceRequestCancelInput:
    id: strawberry.ID = strawberry.field(description="Id of the request.")


@strawberry.type(description="What came of a cancellation.")
class ServiceRequestCancelPayload:
    service_request: ServiceRequest | None = described("The request; null when there is something to mend.")
    errors: list[UserError] = described("What to mend; empty when the request is cancelled.")


@strawberry.input(description="The acceptance of the offer of a service request.")
class ServiceRequestOfferAcceptInput:
    id: strawberry.ID = strawberry.field(description="Id of the request.")


@strawberry.type(description="What came of an acceptance.")
class ServiceRequestOfferAcceptPayload:
    service_request: ServiceRequest | None = described("The request; null when there is something to mend.")
    errors: list[UserError] = described("What to mend; empty when the offer is accepted.")


async def _cancel(
    info: Info, input: Annotated[ServiceRequestCancelInput, argument("Which request.")]
) -> ServiceRequestCancelPayload | None:
    outcome: Any = await cancel(info.context, input.id)
    return outcome  # type: ignore[no-any-return]


async def _accept_offer(
    info: Info, input: Annotated[ServiceRequestOfferAcceptInput, argument("Which request.")]
) -> ServiceRequestOfferAcceptPayload | None:
    outcome: Any = await accept_offer(info.context, input.id)
    return outcome  # type: ignore[no-any-return]


STEPS: dict[str, Any] = {
    "service_request_cancel": strawberry.mutation(
        resolver=_cancel,
        description="Withdraws a request that is not done yet; one that is withdrawn already stays so.",
    ),
    "service_request_offer_accept": strawberry.mutation(
        resolver=_accept_offer, description="Accepts the offer that the back office made for a request."
    ),
}
