"""Message: a mail between the leasing company and a client."""

from datetime import datetime

import strawberry

from connectors.mail.port import MessageDirection, MessageRecord
from schema.fields import computed, described, enum
from schema.node import Node, Source, sourced
from schema.scalars import ByteCount

SNIPPET = 120

enum(
    MessageDirection,
    "Which way a message went.",
    {"INBOUND": "From the client.", "OUTBOUND": "To the client."},
)


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else can use: `e•••@example.com`."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}•••{at}{domain}"


def _snippet(message: MessageRecord) -> str:
    text = " ".join(message.body.split())
    return text if len(text) <= SNIPPET else text[: SNIPPET - 1] + "…"


@strawberry.type(description="A file that came with a message.")
class MessageAttachment:
    file_name: str = described("Name of the file.")
    mime_type: str = described("Media type of the file.")
    size: ByteCount = described("Size in bytes.")


@strawberry.type(description="A mail between the leasing company and a client; never one with a PIN.")
class Message(Node):
    direction: MessageDirection = described("Which way it went.")
    subject: str = described("Subject line.")
    sent_at: datetime = described("When it was sent.")
    sender: str = strawberry.field(
        name="from",
        resolver=computed(lambda m: masked(m.sender), "").base_resolver,
        description="Address of the sender, masked.",
    )
    recipient: str = strawberry.field(
        name="to",
        resolver=computed(lambda m: masked(m.recipient), "").base_resolver,
        description="Address of the recipient, masked.",
    )
    snippet: str = computed(_snippet, "The beginning of the text, at most 120 characters.")
    body: str = described("The text.")
    attachments: list[MessageAttachment] = described("Files that came with it.")
    source: Source = sourced("mail")
