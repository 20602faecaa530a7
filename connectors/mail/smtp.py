"""Sending over SMTP (RFC 5321)."""

import asyncio
import logging
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from connectors import deadline
from connectors.errors import UpstreamRejected, UpstreamTimeout, UpstreamUnavailable
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
        message = self._message(mail)
        await self._guarded(lambda client: client.send_message(message))

    async def health(self) -> None:
        await self._guarded(lambda client: client.noop())

    def _message(self, mail: OutgoingMail) -> EmailMessage:
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
        try:
            async with asyncio.timeout(deadline.remaining(self._timeout)):
                async with aiosmtplib.SMTP(**self._server) as client:
                    await act(client)
        except (TimeoutError, aiosmtplib.SMTPTimeoutError) as error:
            raise UpstreamTimeout(self.system) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise self._refusal(error.recipients[0].code) from error
        except aiosmtplib.SMTPResponseException as error:
            raise self._refusal(error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UpstreamUnavailable(self.system) from error

    def _refusal(self, code: int) -> UpstreamUnavailable | UpstreamRejected:
        if code in _TRANSIENT:
            return UpstreamUnavailable(self.system)
        return UpstreamRejected(self.system, code)
