"""Notification: what a client was told about, and how it was sent."""

from datetime import datetime
from typing import Any

import strawberry

from connectors.erp.records.notification import DeliveryChannel, DeliveryState, NotificationKind
from resolvers.notifications import invoice_of, read_at
from schema.fields import computed, described, enum, related
from schema.invoice import Invoice
from schema.message import masked
from schema.node import Node, Source, sourced

enum(
    NotificationKind,
    "What a notification tells.",
    {
        "INVOICE_ISSUED": "An invoice was issued (FAQ 6).",
        "PAYMENT_REMINDER": "An invoice is overdue.",
    },
)
enum(DeliveryChannel, "How a notification is sent.", {"EMAIL": "By mail.", "SMS": "By text message."})
enum(
    DeliveryState,
    "How far the sending is.",
    {"QUEUED": "It waits to be sent.", "SENT": "It was sent.", "FAILED": "It was given up."},
)


def _address(delivery: Any) -> str:
    address: str = delivery.address
    return masked(address) if "@" in address else f"•••{address[-3:]}"


@strawberry.type(description="One way by which a notification is sent.")
class Delivery:
    channel: DeliveryChannel = described("By which means.")
    address: str = computed(_address, "To where, masked.")
    state: DeliveryState = described("How far it is.")
    tries: int = described("How often sending was tried so far.")
    sent_at: datetime | None = described("When it was sent.")


@strawberry.type(description="What a client was told about.")
class Notification(Node):
    kind: NotificationKind = described("What it tells.")
    subject: str = described("What it is about, in one line.")
    created_at: datetime = described("When it was made.")
    read_at: datetime | None = related(read_at, "When the user who asks read it; null until then.")
    invoice: Invoice | None = related(invoice_of, "The invoice that it tells of.")
    deliveries: list[Delivery] = described("The ways by which it is sent.")
    source: Source = sourced("notifications")
