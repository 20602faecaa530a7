"""An authorisation to take a vehicle abroad."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "TRAVEL_AUTHORISATION",
    about="CONTRACT",
    fees={"PORTAL": 50_00, "BRANCH": 100_00},
    sla_days=2,
    needs_policy=True,
    needs_vehicle=True,
    terms={
        "deniedCountries": ["BY", "RU", "SY", "KP"],
        "extraCoverCountries": ["AL", "BA", "ME", "MD", "TR", "UA"],
    },
    example=lambda _: {
        "registrationNumber": None,
        "countries": ["DE", "CZ"],
        "from": "2026-12-20",
        "to": "2027-01-03",
        "drivers": ["Łukasz Żak"],
        "language": "EN",
        "policyAnnex": False,
    },
)
