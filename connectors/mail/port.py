"""The mail port's two sides and their records."""

from collections.abc import Sequence
from typing import Final, Protocol

import msgspec

from connectors.batch import Page
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.record import Code, Moment, Record

CREDENTIAL_HEADER: Final = "Leasegraph-Credential"
"""Marks mails with a PIN or an invitation, so that the archive side never shows them."""

SENDER: Final = "SENDER"
"""The reason of an UpstreamRejected by which the server refused not the mail but who sends it."""


class OutgoingMail(msgspec.Struct, frozen=True):
    """A mail to one address, as text and HTML. `credential` marks it as never to be read back.

    `key` goes into its Message-ID: tried again under its key it is known as the same, should the first try
    have arrived after all.
    """

    to: str
    subject: str
    text: str
    html: str
    credential: bool = False
    key: str = ""


class MailSender(Protocol):
    """The sending side."""

    system: str

    async def send(self, mail: OutgoingMail) -> None:
        """Hands the mail over to the mail server; done means accepted by it. Raises an UpstreamError,
        InvalidMail where a line break or a bad address is in the mail itself."""

    async def health(self) -> None:
        """Answers when the server greets us, else raises an UpstreamError."""

    async def close(self) -> None:
        """Lets connections go."""


class MessageDirection(Code):
    """OUTBOUND goes to the client."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"
    UNKNOWN = "UNKNOWN"


class MessageAttachment(msgspec.Struct, frozen=True, rename="camel"):
    """A file that came with a message; `size` in bytes."""

    file_name: str
    mime_type: str
    size: int


class Correspondent(msgspec.Struct, frozen=True, rename="camel"):
    """Whose mail is asked for: an address, in its role for one client.

    Two clients may share an address (an accounting office); a message that names its client is only
    that client's.
    """

    address: str
    client_number: str


class MessageRecord(Record, frozen=True):
    """A message to or from a client's address."""

    id: str
    client_number: str | None
    direction: MessageDirection
    subject: str
    sent_at: Moment
    sender: str = msgspec.field(name="from")
    recipient: str = msgspec.field(name="to")
    body: str
    attachments: tuple[MessageAttachment, ...]


class MailArchive(Protocol):
    """The reading side. Credential mails are never readable through it. Aligned to its keys."""

    system: str

    async def messages_by_address(
        self, keys: Sequence[Correspondent], part: Slice
    ) -> list[Page[MessageRecord | MalformedRecord]]:
        """Messages from or to each address, newest first."""

    async def message_counts_by_address(self, keys: Sequence[Correspondent]) -> list[int]:
        """How many there are."""

    async def messages_by_id(self, ids: Sequence[str]) -> list[MessageRecord | MalformedRecord | None]:
        """Messages by the archive's id."""

    async def health(self) -> None:
        """Answers when the archive does, else raises an UpstreamError."""
