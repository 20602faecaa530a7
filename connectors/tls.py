"""Whom we trust when we speak TLS, and what is told of a server that we don't trust."""

import ssl
from pathlib import Path
from typing import Final

from connectors.errors import UpstreamError, UpstreamUnavailable

_ANOTHER_HOST: Final = (62, 64)
"""OpenSSL's codes of a certificate for another name or address; its words tell those that we asked for."""


class UnsafeServer(UpstreamUnavailable):
    """It is told nothing: it offers no TLS where that is a must, or no certificate that we trust."""

    passing = False

    def __init__(self, system: str, why: str) -> None:
        UpstreamError.__init__(self, system, f"The system '{system}' is not spoken to: {why}.")
        self.status = self.retry_after = None
        self.sent = False


def tls_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Certificates are checked against `ca_file` (PEM) alone where one is given, else the system's."""
    return ssl.create_default_context(cafile=ca_file)


def unsafe(system: str, error: BaseException | None) -> UnsafeServer | None:
    """What to tell where TLS was the trouble, somewhere in the chain of an error; else None."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            another = error.verify_code in _ANOTHER_HOST
            why = "it is for another host" if another else error.verify_message
            return UnsafeServer(system, f"its certificate is not trusted ({why})")
        if isinstance(error, ssl.SSLError):
            return UnsafeServer(system, "no TLS could be agreed on")
        error = error.__cause__ or error.__context__
    return None
