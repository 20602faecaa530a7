"""The mails that an archive holds: to one, to several, to an address that two clients share, and a PIN."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from connectors.mail.port import (
    CREDENTIAL_HEADER,
    Correspondent,
    MessageAttachment,
    MessageDirection,
)

OFFICE = "obsluga@example.com"
CLIENT_NUMBER_HEADER = "Client-Number"


@dataclass(frozen=True)
class StoredMessage:
    """A mail as it lies in the archive. `sent_at` is None where the archive says it by itself."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    direction: MessageDirection = MessageDirection.OUTBOUND
    body: str = "Dzień dobry,\n\nw portalu jest nowa faktura.\n"
    client_number: str | None = None
    credential: bool = False
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    """File name, media type and bytes of each."""

    def as_mime(self) -> EmailMessage:
        """As it is sent; the message's `as_bytes` is what an archive stores."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self.sender, ", ".join(self.recipients)
        message["Subject"] = self.subject
        if self.sent_at is not None:
            message["Date"] = format_datetime(self.sent_at)
        if self.client_number is not None:
            message[CLIENT_NUMBER_HEADER] = self.client_number
        if self.credential:
            message[CREDENTIAL_HEADER] = "yes"
        message.set_content(self.body)
        for name, media_type, content in self.attachments:
            kind, _, subtype = media_type.partition("/")
            message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
        return message

    def concerns(self, key: Correspondent) -> bool:
        """Whether it may be shown to whoever reads this correspondence."""
        addresses = [each.lower() for each in (self.sender, *self.recipients)]
        return (
            not self.credential
            and self.client_number in (None, key.client_number)
            and key.address.lower() in addresses
        )

    @property
    def files(self) -> tuple[MessageAttachment, ...]:
        """What is told of its attachments."""
        return tuple(MessageAttachment(name, kind, len(content)) for name, kind, content in self.attachments)


@dataclass(frozen=True)
class MailData:
    """All mails from and to the correspondents; the last of them has none."""

    messages: tuple[StoredMessage, ...]
    correspondents: tuple[Correspondent, ...]

    def of(self, key: Correspondent) -> list[StoredMessage]:
        """What is read of a correspondence, in no order."""
        return [each for each in self.messages if each.concerns(key)]


def _at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 10, day, hour, 30, tzinfo=UTC)


_A, _B = "0010001", "0010002"
ANNA, BORYS = "ksiegowosc@dab.example.com", "Borys.Nowak@buk.example.com"
SHARED, NOBODY = "biuro@rachunki.example.com", "nikt@example.com"

MAILS = MailData(
    (
        StoredMessage(OFFICE, (ANNA,), "Wystawiliśmy fakturę", _at(1)),
        StoredMessage(
            ANNA, (OFFICE,),
            "Pytanie o fakturę, której kwota do zapłaty jest niższa niż na fakturze – prośba o wyjaśnienie",
            _at(2), MessageDirection.INBOUND, "Dzień dobry,\n\nproszę o wyjaśnienie.\n", _A,
        ),
        StoredMessage(OFFICE, (ANNA, BORYS), "Do dwojga", _at(3)),
        StoredMessage(OFFICE, (ANNA,), "Pierwszy z tej chwili", _at(4)),
        StoredMessage(OFFICE, (ANNA,), "Drugi z tej chwili", _at(4)),
        StoredMessage(OFFICE, (ANNA,), "Trzeci z tej chwili", _at(4)),
        StoredMessage(OFFICE, (SHARED,), "Dla obu klientów", _at(5)),
        StoredMessage(OFFICE, (SHARED,), "Dla pierwszego", _at(6), client_number=_A),
        StoredMessage(OFFICE, (SHARED,), "Dla drugiego", _at(7), client_number=_B),
        StoredMessage(OFFICE, (ANNA,), "Kod PIN", _at(8), body="1234 5678\n", credential=True),
        StoredMessage(
            OFFICE, (ANNA,), "Harmonogram", _at(9), client_number=_A,
            attachments=(
                ("Harmonogram spłat – żółty.pdf", "application/pdf", b"%PDF-1.7 " + bytes(range(256)) * 20),
                ("pusty.csv", "text/csv", b""),
            ),
        ),
        StoredMessage(BORYS, (OFFICE,), "", _at(10), MessageDirection.INBOUND, "Bez tematu.\n"),
    ),
    (
        Correspondent(ANNA, _A), Correspondent(BORYS, _B), Correspondent(SHARED, _A),
        Correspondent(SHARED, _B), Correspondent(NOBODY, _A),
    ),
)  # fmt: skip
"""The worked archive."""
