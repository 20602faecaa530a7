"""A mail server that takes the gateway's mails."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from connectors.mail.smtp import SmtpSender
from gateway.setting import REQUIRED, setting
from gateway.setting_values import seconds, url
from gateway.systems.kind import Kind, Opened, Surroundings


@dataclass(frozen=True, kw_only=True)
class SmtpKeys:
    """The sender's address and name are settings of the gateway itself: `mail_from`, `leasing_company`."""

    url: str = setting(
        REQUIRED, url("smtp", "smtps"), "smtp(s)://[user:password@]host[:port]", "The server.", secret=True
    )
    timeout: float = setting(10.0, seconds, "seconds", "Longest wait for one delivery.")


async def _open(name: str, keys: SmtpKeys, surroundings: Surroundings, _stack: AsyncExitStack) -> Opened:
    sender = SmtpSender(
        name,
        keys.url,
        sender=surroundings.mail_from,
        sender_name=surroundings.leasing_company,
        timeout=keys.timeout,
    )
    return Opened({"sending": sender})


SMTP: Final[Kind] = Kind("smtp", "A mail server that takes mails by SMTP.", ("sending",), SmtpKeys, _open)
