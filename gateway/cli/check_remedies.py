"""What to do about a system that fails: which setting to change, or where to look."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import MalformedAnswer, UpstreamRejected, UpstreamTimeout, UpstreamUnavailable
from connectors.tls import UnsafeServer
from gateway.settings import Settings
from gateway.systems.reading import System
from gateway.systems.routing import FLAT

_REFUSALS = {401, 530, 535, "NO"}  # of HTTP, of SMTP (RFC 4954), and of IMAP, which has no numbers
_ADDRESSES = ("url", "path", "endpoint", "host")
_NOT_FOUND = 404
_TOO_MANY = 429
_FORBIDDEN = 403
_RIGHTS = "AccessDenied"  # of S3
_HTTP_ERROR = range(400, 500)


def remedy(settings: Settings, system: System, error: Exception) -> str:
    """A sentence or two. It names the host, never a key, password or user."""
    here = _named(settings, system, *_ADDRESSES)
    key = " and ".join(_named(settings, system, each) for each in _secrets(system)) or here
    where = _place(system)
    if isinstance(error, UpstreamRejected):
        if error.status == "NO" and error.reason != "LOGIN":
            return (
                f"{where} takes the password, but lets us not read a folder, or has none of its name."
                f" Check {_named(settings, system, 'folders')}."
            )
        if error.status == _NOT_FOUND and hasattr(system.keys, "bucket"):
            return (
                f"{where} has no bucket '{system.keys.bucket}' ({error.reason or error.status})."
                f" Make it, or correct {_named(settings, system, 'bucket')}."
            )
        return _refused(error, where, here, key)
    if isinstance(error, UpstreamTimeout):
        limit = _named(settings, system, "timeout")
        return (
            f"{where} gave no answer in time. See whether it is overloaded or a firewall drops us;"
            f" if it is just slow, raise {limit}."
        )
    if isinstance(error, MalformedAnswer):
        return (
            f"{where} answers, but not by the contract: another server, a proxy's page, or another version."
            f" Check {here}."
        )
    authority = _named(settings, system, "ca_file") if hasattr(system.keys, "ca_file") else "SSL_CERT_FILE"
    return _unreachable(error, where, here, authority)


def _refused(error: UpstreamRejected, where: str, here: str, key: str) -> str:
    status = error.status
    if error.reason == _RIGHTS:
        return (
            f"{where} does not let the key do what we ask ({_RIGHTS}). Give it the rights, or set another"
            f" key in {key}."
        )
    if status == _FORBIDDEN:
        # Of a wrong key some say 401, and this of one without a right; others say this of both.
        return (
            f"{where} refuses the key (status 403): it is wrong, or has no right to what is asked."
            f" Set what is right in {key}, or give it that right there."
        )
    if status in _REFUSALS:
        return f"{where} refuses the key or password (status {status}). Set what is right in {key}."
    if status == _NOT_FOUND:
        return (
            f"{where} has no such path (status 404): its contract is of another version, or {here} lacks a"
            " part of the path."
        )
    if status in _HTTP_ERROR:
        return (
            f"{where} refuses what we ask (status {status}): its contract is of another version."
            " Bring both to one."
        )
    return f"{where} sends us elsewhere or refuses (status {status}). Set its final address in {here}."


def _unreachable(error: Exception, where: str, here: str, authority: str) -> str:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            # An HTTP client's own error of this type says no more than that; what follows from it does.
            reasons = (getattr(each, "verify_message", None) for each in causes)
            reason = next(filter(None, reasons), "it doesn't fit the host")
            return (
                f"{where} shows a certificate that isn't trusted: {reason}. Renew it, add its"
                f" authority ({authority}), or mend the host name in {here}."
            )
        if isinstance(cause, ssl.SSLError):
            return f"{where} speaks no TLS that we know. Check scheme and port in {here}."
        if isinstance(cause, socket.gaierror):
            return f"There is no host of the name in {here} ({where})."
        if isinstance(cause, ConnectionRefusedError):
            return f"Nothing listens at {where}. Start it, or correct {here}."
        if isinstance(cause, FileNotFoundError | NotADirectoryError | PermissionError):
            return f"{where} can't be read: {cause.strerror}. Mount it or correct {here}."
    if where.startswith("/"):
        return f"{where} is no folder, or can't be read. Mount it, or correct {here}."
    if any(isinstance(cause, ConnectionError) for cause in causes):
        return f"{where} hangs up. See its log, and check scheme and port in {here}."
    if isinstance(error, UnsafeServer):
        return f"{where}: {error} Mend that there, or what {here} says."
    status = error.status if isinstance(error, UpstreamUnavailable) else None
    if status == _TOO_MANY:
        return (
            f"{where} says that we ask too often (status 429). Let it allow the gateway more, or lower"
            " LEASEGRAPH_SYSTEM_CONNECTIONS."
        )
    return f"{where} is there but can't answer now{f' (status {status})' if status else ''}. See its log."


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "os_error", None)]


def _secrets(system: System) -> tuple[str, ...]:
    """Keys of their own; without any the URL may hold the password."""
    secret = [item.name for item in fields(system.keys) if item.metadata["secret"]]
    return tuple(name for name in secret if name not in _ADDRESSES) or tuple(secret)


def _named(settings: Settings, system: System, *keys: str) -> str:
    """The setting that has the first of these keys which the system has."""
    have = {item.name for item in fields(system.keys)}
    key = next((key for key in keys if key in have), "url")
    if system.name in {each.name for each in settings.systems} or system.name not in FLAT:
        return f"'{key}' of [systems.{system.name}]"
    ending = "url" if key == "path" else key
    flat = next((name for name in FLAT[system.name] if name.endswith(f"_{ending}")), FLAT[system.name][0])
    return f"LEASEGRAPH_{flat.upper()}"


def _place(system: System) -> str:
    """Host and port, or the folder."""
    for name in _ADDRESSES:
        value: Any = getattr(system.keys, name, None)
        if value is None:
            continue
        parts = urlsplit(str(value))
        if not parts.hostname:
            return str(value)
        return parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    return f"'{system.name}'"
