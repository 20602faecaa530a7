"""Sending over SMTP (RFC 5321)."""

import asyncio
import logging
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from connectors import deadline
from connectors.errors import (
    InvalidMail,
    UpstreamError,
    UpstreamRejected,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from connectors.mail.port import CREDENTIAL_HEADER, OutgoingMail

_TRANSIENT = range(400, 500)

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's, should it be in the same process


class SmtpSender:
    """See `connectors.mail.port.MailSender`.

    `url` is `smtp://[user:password@]host[:port]` (STARTTLS where offered) or `smtps://…` (TLS from the
    start); `sender` is the From address, `timeout` in seconds bounds one delivery.
    """

    def __init__(
        self, system: str, url: str, *, sender: str, sender_name: str, timeout: float = 10.0
    ) -> None:
        self.system = system
        parts = urlsplit(url)
        implicit_tls = parts.scheme == "smtps"
        self._timeout = timeout
        self._from = Address(sender_name, addr_spec=sender)
        self._server: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": parts.port or (465 if implicit_tls else 25),
            "use_tls": implicit_tls,
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "timeout": timeout,
        }

    async def send(self, mail: OutgoingMail) -> None:
        try:
            message = self._message(mail)
        except (ValueError, IndexError, MessageError) as error:
            raise InvalidMail(self.system) from error
        await self._guarded(lambda client: client.send_message(message))

    async def health(self) -> None:
        await self._guarded(lambda client: client.noop())

    def _message(self, mail: OutgoingMail) -> EmailMessage:
        if "\r" in mail.subject or "\n" in mail.subject:  # EmailMessage lets one at the end pass
            raise ValueError("a line break in the subject")
        message = EmailMessage(policy=SMTP)
        message["From"] = self._from
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = make_msgid(domain=self._from.domain)
        message["Auto-Submitted"] = "auto-generated"
        if mail.credential:
            message[CREDENTIAL_HEADER] = "yes"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message

    async def _guarded(self, act: Callable[[aiosmtplib.SMTP], Any]) -> None:
        """Greets, acts and takes leave. Once acted, nothing can fail: a mail sent again would come twice."""
        client = aiosmtplib.SMTP(**self._server)
        acted = False
        try:
            async with asyncio.timeout(deadline.remaining(self._timeout)):
                await client.connect()
                await act(client)
                acted = True
                await client.quit()
        except (aiosmtplib.SMTPException, OSError) as error:
            if not acted:
                raise self._failure(error) from error
        finally:
            client.close()

    def _failure(self, error: Exception) -> UpstreamError:
        if isinstance(error, TimeoutError):
            return UpstreamTimeout(self.system)
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            return self._refusal(error.recipients[0].code)
        if isinstance(error, aiosmtplib.SMTPResponseException):
            return self._refusal(error.code)
        return UpstreamUnavailable(self.system)

    def _refusal(self, code: int) -> UpstreamError:
        if code in _TRANSIENT:
            return UpstreamUnavailable(self.system)
        return UpstreamRejected(self.system, code)
