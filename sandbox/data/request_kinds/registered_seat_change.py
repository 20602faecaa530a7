"""A notice that the client's registered seat changes."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "REGISTERED_SEAT_CHANGE",
    about="CLIENT",
    fees={"PORTAL": 0, "BRANCH": 0},
    sla_days=3,
    example=lambda _: {
        "address": {
            "street": "Źródlana",
            "building": "4",
            "unit": None,
            "postalCode": "90-001",
            "city": "Łódź",
            "country": "PL",
        },
        "effectiveOn": "2026-12-01",
        "registerEvidence": "KRS, wpis nr 14",
        "correspondenceAddressToo": True,
    },
)
