"""Notifications: what a client was told about, and how (FAQ 6)."""

import msgspec

from connectors.record import Code, Moment, Record


class NotificationKind(Code):
    """What it tells."""

    INVOICE_ISSUED = "INVOICE_ISSUED"
    PAYMENT_REMINDER = "PAYMENT_REMINDER"
    UNKNOWN = "UNKNOWN"


class DeliveryChannel(Code):
    """How it is sent."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    UNKNOWN = "UNKNOWN"


class DeliveryState(Code):
    """How far the sending is."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class Delivery(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """One way by which it is sent; `tries` so far."""

    channel: DeliveryChannel
    address: str
    state: DeliveryState
    tries: int
    sent_at: Moment | None


class NotificationRecord(Record, frozen=True):
    """A notification to a client."""

    id: str
    client_number: str
    kind: NotificationKind
    invoice_number: str | None
    subject: str
    created_at: Moment
    deliveries: tuple[Delivery, ...]
