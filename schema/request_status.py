"""The enum of where a request stands."""

from connectors.erp.records.request import RequestStatus
from schema.fields import enum

__all__ = ["RequestStatus"]

enum(
    RequestStatus,
    "Where a request stands.",
    {
        "DRAFT": "Not yet submitted.",
        "SUBMITTED": "Received by the back office.",
        "NEEDS_INFO": "The back office waits for something from the client.",
        "IN_REVIEW": "Being worked on.",
        "OFFER_READY": "An offer waits for the client's answer.",
        "ACCEPTED": "The client accepted the offer.",
        "COMPLETED": "Done.",
        "REJECTED": "Refused by the back office.",
        "CANCELLED": "Withdrawn by the client.",
        "EXPIRED": "The offer's time ran out.",
    },
)
