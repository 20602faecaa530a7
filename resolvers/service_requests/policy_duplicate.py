"""A duplicate of a policy of the contract."""

from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.request import RequestKind
from connectors.erp.requests.policy_duplicate import PolicyDuplicateDetails
from resolvers import nodes
from resolvers.permissions import Subject
from resolvers.service_requests.case import Case, Kind


async def _details(case: Case) -> PolicyDuplicateDetails:
    given = case.given
    policy: PolicyRecord | None = await nodes.of_type(case.op, "InsurancePolicy", given.policy_id)
    if policy is None or policy.contract_id != case.contract.id:
        case.missing("policyId")
        policy = None
    case.known(given.delivery, "delivery")
    return PolicyDuplicateDetails(policy.number if policy else None, given.delivery)


KIND = Kind(RequestKind.POLICY_DUPLICATE, Subject.CONTRACT, _details)
