"""A duplicate of an insurance policy."""

from sandbox.data.policies import policy_id
from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "POLICY_DUPLICATE",
    about="CONTRACT",
    fees={"PORTAL": 0, "BRANCH": 50_00},
    sla_days=2,
    needs_policy=True,
    example=lambda contract: {"policyId": str(policy_id(contract, 1)), "delivery": "EMAIL"},
)
