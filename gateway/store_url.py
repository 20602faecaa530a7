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
        parts = urlsplit(text)
        user, _, hosts = parts.netloc.rpartition("@")
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
        if parts.scheme == "rediss+sentinel":
            tls: dict[str, Any] = {"ssl": True, "ssl_ca_certs": own.pop("ssl_ca_certs", None)}
            server |= tls
            sentinel |= tls
        if own:
            raise ValueError(f"nothing is known of {', '.join(sorted(own))}")
        return cls(sentinels, unquote(service), _given(server), _given(sentinel))


def store_url(value: str) -> str:
    """The setting's value."""
    text = value.strip()
    if urlsplit(text).scheme not in SENTINEL:
        return _plain(text)
    SentinelUrl.parse(text)
    return text


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in options.items() if value not in (None, "")}


def _address(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a Sentinel has no host name")
    return parts.hostname, parts.port or _SENTINEL_PORT
