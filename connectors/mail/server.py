"""Where a mail server is and how its connection is made safe, read from a URL; the same for SMTP and IMAP."""

import ipaddress
from dataclasses import dataclass, field
from enum import Enum
from typing import Final
from urllib.parse import unquote, urlsplit

_PORTS: Final = {
    "smtp": 25,
    "smtp+starttls": 587,
    "smtps": 465,
    "imap": 143,
    "imap+starttls": 143,
    "imaps": 993,
}


class Tls(Enum):
    """When a connection is encrypted."""

    FROM_THE_START = "FROM_THE_START"
    STARTTLS = "STARTTLS"
    WHERE_OFFERED = "WHERE_OFFERED"
    NEVER = "NEVER"


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP or IMAP server. `username` is None where nobody logs in."""

    host: str
    port: int
    tls: Tls
    username: str | None
    password: str = field(repr=False)


def mail_server(url: str) -> MailServer:
    """Reads `smtp(s)://` or `imap(s)://[user:password@]host[:port]`.

    `smtps://` means TLS from the start (RFC 8314), `smtp+starttls://` that STARTTLS is a must. It is one as
    well where a password would travel in clear, unless that is to this machine; no TLS is needed there.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme.endswith("s") and "+" not in parts.scheme:
        tls = Tls.FROM_THE_START
    elif parts.scheme.endswith("+starttls"):
        tls = Tls.STARTTLS
    elif _is_loopback(host):
        tls = Tls.NEVER
    else:
        tls = Tls.STARTTLS if parts.username else Tls.WHERE_OFFERED
    return MailServer(
        host,
        parts.port or _PORTS[parts.scheme],
        tls,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password or ""),
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
