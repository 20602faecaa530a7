"""Mails as a mailbox may hold them, put there by IMAP."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from tests.harness.mail_servers import PASSWORD, Dovecot

OFFICE = "biuro@leasing.example.com"


@contextmanager
def mailbox(dovecot: Dovecot) -> Iterator[imaplib.IMAP4]:
    """The archive, for who may write to it."""
    with imaplib.IMAP4("127.0.0.1", dovecot.port) as connection:
        connection.authenticate("PLAIN", lambda _: f"\0archive\0{PASSWORD}".encode())
        yield connection


def put(
    dovecot: Dovecot, *messages: bytes | EmailMessage, at: list[datetime] | None = None, folder: str = "INBOX"
) -> None:
    """Messages into a folder, received at these moments."""
    with mailbox(dovecot) as connection:
        for place, message in enumerate(messages):
            content = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
            moment = imaplib.Time2Internaldate(at[place]) if at else None
            status, answer = connection.append(folder, None, moment, content)
            assert status == "OK", answer


def mail(
    sender: str, to: str, subject: str = "Faktura", text: str = "Dzień dobry\n", **headers: str
) -> EmailMessage:
    """A mail as a program writes it."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message
