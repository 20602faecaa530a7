"""A duplicate of an insurance policy."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "POLICY_DUPLICATE",
    about="CONTRACT",
    fees={"PORTAL": 0, "BRANCH": 50_00},
    sla_days=2,
    needs_policy=True,
    example=lambda about: {"policyNumber": about.policy, "delivery": "EMAIL"},
)
