"""Where a mail server is and how its connection is made safe, read from a URL; the same for SMTP and IMAP."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from connectors.errors import UpstreamError, UpstreamUnavailable

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


class UnsafeServer(UpstreamUnavailable):
    """It is told nothing: it offers no STARTTLS where that is a must, or no certificate that we trust."""

    passing = False

    def __init__(self, system: str, why: str) -> None:
        UpstreamError.__init__(self, system, f"The system '{system}' is not spoken to: {why}.")
        self.status = self.retry_after = None
        self.sent = False


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


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates are checked against `ca_file` (PEM) alone where one is given, else the system's."""
    return ssl.create_default_context(cafile=ca_file)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def unsafe(system: str, error: BaseException | None) -> UnsafeServer | None:
    """What to tell where TLS was the trouble, somewhere in the chain of an error; else None."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return UnsafeServer(system, f"its certificate is not trusted ({error.verify_message})")
        if isinstance(error, ssl.SSLError):
            return UnsafeServer(system, "no TLS could be agreed on")
        error = error.__cause__ or error.__context__
    return None
