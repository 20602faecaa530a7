"""An offer for ending a contract early."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "EARLY_TERMINATION_OFFER",
    about="CONTRACT",
    fees={"PORTAL": 200_00, "BRANCH": 300_00},
    charged_when="ON_COMPLETION",
    sla_days=7,
    offers=True,
    example=lambda _: {"mode": "BUY_OUT", "terminationDate": "2027-01-31", "buyerNip": None},
)
