"""An offer for changing the payment schedule."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "SCHEDULE_CHANGE_OFFER",
    about="CONTRACT",
    fees={"PORTAL": 300_00, "BRANCH": 400_00},
    charged_when="ON_COMPLETION",
    sla_days=7,
    offers=True,
    example=lambda _: {"change": "CHANGE_DUE_DAY", "dueDay": 20, "reason": "Termin wpływu należności"},
)
