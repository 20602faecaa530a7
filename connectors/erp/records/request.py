"""Requests that a client makes about a contract: an opinion, a policy duplicate, an early end …"""

from typing import Any

from connectors.record import Code, Moment, Record


class RequestKind(Code):
    """The kinds of the portal's FAQ (11)."""

    COOPERATION_OPINION = "COOPERATION_OPINION"
    EARLY_TERMINATION_OFFER = "EARLY_TERMINATION_OFFER"
    POLICY_DUPLICATE = "POLICY_DUPLICATE"
    TRAVEL_AUTHORISATION = "TRAVEL_AUTHORISATION"
    SCHEDULE_CHANGE_OFFER = "SCHEDULE_CHANGE_OFFER"
    REGISTERED_SEAT_CHANGE = "REGISTERED_SEAT_CHANGE"
    UNKNOWN = "UNKNOWN"


class RequestStatus(Code):
    """Where the back office is with it."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    NEEDS_INFO = "NEEDS_INFO"
    IN_REVIEW = "IN_REVIEW"
    OFFER_READY = "OFFER_READY"
    ACCEPTED = "ACCEPTED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"


class ServiceRequestRecord(Record, frozen=True):
    """A service request; `details` holds what its kind asks for."""

    id: str
    number: str
    client_number: str
    kind: RequestKind
    contract_id: str | None
    status: RequestStatus
    submitted_by: str
    submitted_at: Moment
    details: dict[str, Any]
