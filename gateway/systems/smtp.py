"""A mail server that takes the gateway's mails."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors.mail.smtp import SmtpSender
from gateway.setting import REQUIRED, setting
from gateway.setting_values import file, seconds, url
from gateway.systems.kind import Kind, Opened, Surroundings


@dataclass(frozen=True, kw_only=True)
class SmtpKeys:
    """The sender's address and name are settings of the gateway itself: `mail_from`, `leasing_company`."""

    url: str = setting(
        REQUIRED,
        url("smtp", "smtps", "smtp+starttls"),
        "smtp(s)://[user:password@]host[:port]",
        "The server. smtps:// is TLS from the start; with smtp+starttls://, or a password that would go over "
        "the network in clear, STARTTLS is a must.",
        secret=True,
    )
    timeout: float = setting(10.0, seconds, "seconds", "Longest wait for one delivery.")
    ca_file: Path | None = setting(
        None,
        file,
        "a file",
        "The authority of the server's certificate (PEM), where it is the company's own.",
    )


async def _open(name: str, keys: SmtpKeys, surroundings: Surroundings, stack: AsyncExitStack) -> Opened:
    guard = surroundings.guard(name, keys.timeout)
    sender = SmtpSender(
        name,
        keys.url,
        sender=surroundings.mail_from,
        sender_name=surroundings.leasing_company,
        timeout=keys.timeout,
        ca_file=keys.ca_file,
        guard=guard,
    )
    stack.push_async_callback(sender.close)
    return Opened({"sending": sender}, guard=guard)


SMTP: Final[Kind] = Kind("smtp", "A mail server that takes mails by SMTP.", ("sending",), SmtpKeys, _open)
