"""Sending over SMTP (RFC 5321)."""

import logging
from collections.abc import Awaitable, Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path

import aiosmtplib

from connectors.errors import (
    InvalidMail,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.mail.port import CREDENTIAL_HEADER, SENDER, OutgoingMail
from connectors.mail.server import mail_server
from connectors.mail.smtp_connections import SmtpConnections
from connectors.resilience import Guard
from connectors.tls import unsafe

_TRANSIENT = range(400, 500)

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, should it be in the same process


class SmtpSender:
    """See `connectors.mail.port.MailSender`.

    `url` is `smtp(s)://[user:password@]host[:port]` or `smtp+starttls://…`, `ca_file` the authority of the
    server's certificate (see `connectors.mail.server`); `sender` is the From address, `timeout` in seconds
    bounds one delivery.

    A 4xx answer is an UpstreamUnavailable: the mail may be tried again. A 5xx is an UpstreamRejected and
    final; its reason is `SENDER` where it is not the mail that was refused but we (no login, no such From).
    """

    def __init__(
        self,
        system: str,
        url: str,
        *,
        sender: str,
        sender_name: str,
        timeout: float = 10.0,
        ca_file: Path | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.system = system
        self._guard = guard or Guard(system, timeout=timeout)
        self._from = Address(sender_name, addr_spec=sender)
        self._connections = SmtpConnections(system, mail_server(url), ca_file, timeout=timeout)

    async def send(self, mail: OutgoingMail) -> None:
        try:
            message = self._message(mail)
        except (ValueError, IndexError, MessageError) as error:
            raise InvalidMail(self.system) from error
        await self._guard.call(
            lambda: self._converse(lambda client: client.send_message(message)), repeatable=False
        )

    async def health(self) -> None:
        await self._guard.probe(lambda: self._converse(lambda client: client.noop()))

    def _message(self, mail: OutgoingMail) -> EmailMessage:
        if "\r" in mail.subject or "\n" in mail.subject:  # EmailMessage lets one at the end pass
            raise ValueError("a line break in the subject")
        message = EmailMessage(policy=SMTP)
        message["From"] = self._from
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = self._message_id(mail)
        message["Auto-Submitted"] = "auto-generated"
        if mail.credential:
            message[CREDENTIAL_HEADER] = "yes"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message

    def _message_id(self, mail: OutgoingMail) -> str:
        domain = self._from.domain
        return f"<{mail.key}@{domain}>" if mail.key else make_msgid(domain=domain)

    async def _converse(self, act: Callable[[aiosmtplib.SMTP], Awaitable[object]]) -> None:
        """One conversation, never repeated once it has begun: a mail whose answer got lost may have been
        accepted."""
        opened = False
        try:
            async with self._connections.connection() as client:
                opened = True
                await act(client)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._failure(error, opened) from error

    def _failure(self, error: Exception, opened: bool) -> UpstreamError:
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            return self._refusal(error.recipients[0].code)
        if isinstance(error, aiosmtplib.SMTPResponseException):
            about_us = not opened or isinstance(error, aiosmtplib.SMTPSenderRefused)
            return self._refusal(error.code, SENDER if about_us else "")
        if isinstance(error, TimeoutError):
            return UpstreamTimeout(self.system)
        return unsafe(self.system, error) or UpstreamUnavailable(self.system, sent=opened)

    def _refusal(self, code: int, reason: str = "") -> UpstreamError:
        if code in _TRANSIENT:
            return UpstreamUnavailable(self.system, status=code)
        return UpstreamRejected(self.system, code, reason)

    async def close(self) -> None:
        """Takes leave of the server."""
        await self._connections.close()
