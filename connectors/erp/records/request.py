"""Requests that a client makes about a contract: an opinion, a policy duplicate, an early end …"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from connectors.record import Code, Moment, Record


class RequestKind(Code):
    """The kinds of the portal's FAQ (11)."""

    COOPERATION_OPINION = "COOPERATION_OPINION"
    EARLY_TERMINATION_OFFER = "EARLY_TERMINATION_OFFER"
    POLICY_DUPLICATE = "POLICY_DUPLICATE"
    TRAVEL_AUTHORISATION = "TRAVEL_AUTHORISATION"
    SCHEDULE_CHANGE_OFFER = "SCHEDULE_CHANGE_OFFER"
    REGISTERED_SEAT_CHANGE = "REGISTERED_SEAT_CHANGE"
    COMPLAINT = "COMPLAINT"
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


class FeeChargedWhen(Code):
    """When a fee is charged."""

    ON_SUBMISSION = "ON_SUBMISSION"
    ON_COMPLETION = "ON_COMPLETION"
    UNKNOWN = "UNKNOWN"


class RequestFee(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What a request costs; `accepted_at` is when its client agreed to that."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    currency: str
    charged_when: FeeChargedWhen
    accepted_at: Moment | None = None


class RequestEvent(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A status that a request got; `by` is a portal login or a name of the back office."""

    status: RequestStatus
    at: Moment
    by: str
    note: str | None = None


class ServiceRequestRecord(Record, frozen=True):
    """A service request; `details` holds what its kind asks for (`connectors.erp.requests`).

    `valid_until` is the last day of an offer; `attachment_ids` are the document store's.
    """

    id: str
    number: str
    client_number: str
    kind: RequestKind
    contract_number: str | None
    status: RequestStatus
    submitted_by: str
    submitted_at: Moment
    details: dict[str, Any]
    fee: RequestFee | None = None
    sla_due_at: Moment | None = None
    valid_until: date | None = None
    history: tuple[RequestEvent, ...] = ()
    attachment_ids: tuple[str, ...] = ()
