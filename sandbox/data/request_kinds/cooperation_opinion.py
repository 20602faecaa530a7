"""An opinion on the cooperation, for a bank or a contracting authority."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "COOPERATION_OPINION",
    about="CLIENT",
    fees={"PORTAL": 100_00, "BRANCH": 150_00},
    sla_days=5,
    example=lambda about: {
        "contractNumbers": [about.contract],
        "purpose": "kredyt obrotowy",
        "addressee": "Bank Przykładowy S.A.",
        "language": "PL",
        "delivery": "EMAIL",
    },
)
