"""An offer for changing the payment schedule."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from connectors.erp.requests.schedule_change_offer import ScheduleChange
from connectors.erp.requests.schedule_change_offer import ScheduleChangeOfferDetails as Details
from resolvers.service_requests.schedule_change_offer import KIND
from schema.connection import ABSENT
from schema.fields import described, enum
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry

enum(
    ScheduleChange,
    "What is to change in a payment schedule.",
    {
        "EXTEND": "More months.",
        "SHORTEN": "Fewer months.",
        "CHANGE_AMOUNT": "Another instalment.",
        "CHANGE_DUE_DAY": "Another day of the month.",
        "DEFER": "Some instalments later.",
    },
)


@strawberry.type(description="A request for an offer for changing the payment schedule.")
class ScheduleChangeOfferRequest(ServiceRequest):
    change: ScheduleChange | None = detail(Details, "change", "What is to change.")
    months: int | None = detail(Details, "months", "By how many months, with EXTEND and SHORTEN.")
    net_instalment: Decimal | None = detail(
        Details, "net_instalment", "The new net instalment in the contract's currency, with CHANGE_AMOUNT."
    )
    due_day: int | None = detail(Details, "due_day", "The new day of the month, with CHANGE_DUE_DAY.")
    deferred_instalments: int | None = detail(
        Details, "deferred_instalments", "How many instalments are to come later, with DEFER."
    )
    reason: str | None = detail(Details, "reason", "Why the client asks.")
    valid_until: date | None = described("The last day on which the offer can be accepted.")


@strawberry.input(description="What is to change: exactly one of these.", one_of=True)
class ScheduleChangeInput:
    extend_by_months: int | None = strawberry.field(
        default=ABSENT, description="So many months more, 1 to the contract's length."
    )
    shorten_by_months: int | None = strawberry.field(
        default=ABSENT, description="So many months fewer, at least 1 and less than are left."
    )
    net_instalment: Decimal | None = strawberry.field(
        default=ABSENT, description="The new net instalment in the contract's currency."
    )
    due_day: int | None = strawberry.field(default=ABSENT, description="The new day of the month, 1 to 28.")
    defer_instalments: int | None = strawberry.field(
        default=ABSENT, description="So many instalments later, at least 1 and less than months are left."
    )

    @property
    def chosen(self) -> tuple[str, Any]:
        """The one that was given."""
        given = {name: value for name, value in vars(self).items() if value is not ABSENT}
        ((name, value),) = given.items()
        return name, value


@strawberry.input(description="The submission of a request for an offer for changing the payment schedule.")
class ServiceRequestScheduleChangeOfferSubmitInput(Terms):
    contract_id: strawberry.ID = strawberry.field(description="Id of the contract.")
    change: ScheduleChangeInput = strawberry.field(description="What is to change.")
    reason: str = strawberry.field(description="Why, 1 to 1000 characters.")


ENTRY = entry(
    KIND,
    "An offer for changing the payment schedule.",
    ScheduleChangeOfferRequest,
    ServiceRequestScheduleChangeOfferSubmitInput,
)
