"""Where a server is, read from its base URL."""

import base64
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

_PORTS = {"http": 80, "https": 443}
_IN_A_TARGET = "/?%:@!$&'()*+,;=~-._"


class Origin(NamedTuple):
    """`host` to connect to, as DNS has it; `authority` is the Host header's; `prefix` goes before each path.

    `credentials` are those of the URL, encoded for Basic authentication (RFC 7617), or nothing.
    """

    host: str
    port: int
    encrypted: bool
    authority: str
    prefix: str
    credentials: str


def origin(base_url: str) -> Origin:
    """Reads `http(s)://[user:password@]host[:port][/path]`. Raises ValueError."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if not host.isascii():
        host = host.encode("idna").decode()
    own = _PORTS[parts.scheme]
    name = f"[{host}]" if ":" in host else host
    authority = name if parts.port in (None, own) else f"{name}:{parts.port}"
    prefix = quote(parts.path + (f"?{parts.query}" if parts.query else ""), safe=_IN_A_TARGET)
    credentials = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        credentials = base64.b64encode(pair.encode()).decode()
    return Origin(host, parts.port or own, parts.scheme == "https", authority, prefix, credentials)
