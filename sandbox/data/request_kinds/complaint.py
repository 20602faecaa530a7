"""A complaint: free by every channel."""

from sandbox.data.request_kind import RequestKind

KIND = RequestKind(
    "COMPLAINT",
    about="CLIENT",
    fees={"PORTAL": 0, "BRANCH": 0},
    sla_days=30,
    example=lambda _: {"subject": "Naliczona opłata", "description": "Proszę o wyjaśnienie opłaty."},
)
