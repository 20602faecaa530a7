"""A duplicate of an insurance policy."""

from typing import Any

import strawberry

from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.requests.policy_duplicate import PolicyDuplicateDetails as Details
from connectors.erp.requests.shared import PaperDelivery
from resolvers.operation import Operation
from resolvers.policies import policies_by_number
from resolvers.service_requests.policy_duplicate import KIND
from resolvers.service_requests.reading import details_of
from schema.fields import related
from schema.insurance_policy import InsurancePolicy
from schema.service_request import ServiceRequest
from schema.submission import Terms, detail, entry


async def _policy(op: Operation, request: ServiceRequestRecord) -> Any:
    number = details_of(op, request, Details).policy_number
    return await policies_by_number.load(op, number) if number else None


@strawberry.type(description="A request for a duplicate of an insurance policy.")
class PolicyDuplicateRequest(ServiceRequest):
    policy: InsurancePolicy | None = related(_policy, "The policy.")
    delivery: PaperDelivery | None = detail(Details, "delivery", "How the duplicate reaches the client.")


@strawberry.input(description="The submission of a request for a duplicate of an insurance policy.")
class ServiceRequestPolicyDuplicateSubmitInput(Terms):
    contract_id: strawberry.ID = strawberry.field(description="Id of the contract.")
    policy_id: strawberry.ID = strawberry.field(description="Id of a policy of the contract.")
    delivery: PaperDelivery = strawberry.field(description="How the duplicate is to reach the client.")


ENTRY = entry(
    KIND,
    "A duplicate of an insurance policy.",
    PolicyDuplicateRequest,
    ServiceRequestPolicyDuplicateSubmitInput,
)
