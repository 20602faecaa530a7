"""The store's URL: a server's, or that of the Sentinels who know which server is the master now."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from gateway.setting_values import url

SENTINEL: Final = frozenset({"redis+sentinel", "rediss+sentinel"})
_SENTINEL_PORT = 26379
_plain = url("redis", "rediss", "unix")


@dataclass(frozen=True, slots=True)
class SentinelUrl:
    """`redis+sentinel://[user:password@]host[:port][,host[:port]…]/<service>[/db]`; with TLS `rediss+…`.

    User, password and database are the servers'. The Sentinels' own stand in the query: `sentinel_username`,
    `sentinel_password`; `ssl_ca_certs` is for both.
    """

    sentinels: list[tuple[str, int]]
    service: str
    server: dict[str, Any] = field(repr=False)
    sentinel: dict[str, Any] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "SentinelUrl":
        """Raises ValueError, without a secret in it."""
        scheme, named, rest = _taken_apart(text)
        parts = urlsplit(rest)
        user, _, hosts = named.rpartition("@")
        sentinels = [_address(each) for each in hosts.split(",") if each]
        if not sentinels:
            raise ValueError("it names no Sentinel")
        service, _, db = parts.path.strip("/").partition("/")
        if not service:
            raise ValueError("the name that the Sentinels have for the master is missing: /<service>")
        if db and not db.isdecimal():
            raise ValueError("the database after the service is no number")
        name, _, password = user.partition(":")
        server = {"db": int(db or 0), "username": unquote(name), "password": unquote(password)}
        own = dict(parse_qsl(parts.query, keep_blank_values=True))
        sentinel: dict[str, Any] = {key: own.pop(f"sentinel_{key}", None) for key in ("username", "password")}
        if scheme == "rediss+sentinel":
            tls: dict[str, Any] = {"ssl": True, "ssl_ca_certs": own.pop("ssl_ca_certs", None)}
            server |= tls
            sentinel |= tls
        if own:
            raise ValueError(f"nothing is known of {', '.join(sorted(own))}")
        return cls(sentinels, unquote(service), _given(server), _given(sentinel))


def store_url(value: str) -> str:
    """The setting's value."""
    text = value.strip()
    if not is_sentinel(text):
        return _plain(text)
    SentinelUrl.parse(text)
    return text


def is_sentinel(value: str) -> bool:
    """Whether the URL names Sentinels, and not the server itself."""
    return _taken_apart(value)[0] in SENTINEL


def place(value: str) -> str:
    """Where that is, for messages: without user and password; of a socket its path."""
    _, hosts, rest = _taken_apart(value)
    return hosts.rpartition("@")[2] or urlsplit(rest).path


def _taken_apart(value: str) -> tuple[str, str, str]:
    """Scheme, what stands before the path, and the rest. `urlsplit` takes one host only, if in brackets."""
    scheme, _, rest = value.partition("://")
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    return scheme.lower(), rest[:end], rest[end:]


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value not in (None, "")}


def _address(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a Sentinel has no host name")
    return parts.hostname, parts.port or _SENTINEL_PORT
