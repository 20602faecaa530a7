"""Reads registered clients from the settings file, and refuses what would not be safe."""

import re
from collections.abc import Mapping
from typing import Any, get_args
from urllib.parse import SplitResult, urlsplit

from auth.clients import USER_SCOPES, Client, Kind
from auth.options import LOOPBACK_NAMES

_HASH = re.compile(r"hmac-sha256:[0-9a-f]{64}")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TOOL_SCOPE = re.compile(r"[a-z][a-z0-9_-]*:[a-z]+")


def read_clients(tables: object) -> tuple[Client, ...]:
    """The clients of `[clients.<id>]` tables. Raises ValueError, naming client, key and rule."""
    if not isinstance(tables, Mapping):
        raise ValueError("clients are tables, [clients.<id>], in the settings file")
    return tuple(_client(str(client_id), table) for client_id, table in tables.items())


def _client(client_id: str, table: object) -> Client:
    try:
        if not _ID.fullmatch(client_id):
            raise ValueError("an id has lower-case letters, digits, dots, dashes and underscores, at most 64")
        if not isinstance(table, Mapping):
            raise ValueError("it is not a table")
        known = set(Client.__dataclass_fields__) - {"client_id"}
        if unknown := sorted(set(table) - known):
            raise ValueError(f"there is no key '{unknown[0]}'; the keys are {', '.join(sorted(known))}")
        client = Client(
            client_id=client_id,
            name=_text(table, "name"),
            kind=_kind(table),
            scopes=frozenset(_texts(table, "scopes")),
            secret_hashes=_texts(table, "secret_hashes"),
            redirect_uris=_texts(table, "redirect_uris"),
            post_logout_redirect_uris=_texts(table, "post_logout_redirect_uris"),
            origins=_texts(table, "origins"),
            consent=_switch(table, "consent"),
        )
        _check(client)
    except ValueError as error:
        raise ValueError(f"clients.{client_id}: {error}") from None
    return client


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"'{key}' must be a text that is not empty")
    return value.strip()


def _texts(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"'{key}' must be a list of texts")
    return tuple(value)


def _switch(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"'{key}' must be true or false")
    return value


def _kind(table: Mapping[str, Any]) -> Kind:
    for kind in get_args(Kind):
        if table.get("kind") == kind:
            found: Kind = kind
            return found
    raise ValueError(f"'kind' must be one of {', '.join(get_args(Kind))}")


def _check(client: Client) -> None:
    if client.kind == "tool":
        _check_tool(client)
    else:
        _check_user_client(client)
    if any(not _HASH.fullmatch(each) for each in client.secret_hashes):
        raise ValueError("'secret_hashes' holds what `leasegraph client add` makes, never a secret itself")
    if (client.kind == "public") == bool(client.secret_hashes):
        raise ValueError("'secret_hashes' is for every kind but public, which can keep no secret")
    for origin in client.origins:
        if _uri(origin, "origins").path or urlsplit(origin).query:
            raise ValueError(f"'origins': {origin!r} must end with host and port")


def _check_tool(client: Client) -> None:
    for key in ("redirect_uris", "post_logout_redirect_uris", "consent"):
        if getattr(client, key):
            raise ValueError(f"'{key}' is not for a tool, which has no user")
    if not client.scopes:
        raise ValueError("'scopes' must hold one at least, such as contracts:read")
    for scope in sorted(client.scopes):
        if not _TOOL_SCOPE.fullmatch(scope):
            raise ValueError(f"'scopes': {scope!r} must look like contracts:read, as all of a tool's do")


def _check_user_client(client: Client) -> None:
    if unknown := sorted(client.scopes - set(USER_SCOPES)):
        raise ValueError(f"'scopes': {unknown[0]!r} is not one of {', '.join(USER_SCOPES)}")
    if not client.scopes:
        raise ValueError(f"'scopes' must hold one of {', '.join(USER_SCOPES)} at least")
    if not client.redirect_uris:
        raise ValueError("'redirect_uris' must hold one at least")
    for key in ("redirect_uris", "post_logout_redirect_uris"):
        for uri in getattr(client, key):
            _uri(uri, key)


def _uri(uri: str, key: str) -> SplitResult:
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"'{key}': {uri!r} must be an absolute http(s) URI without fragment and user")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError(f"'{key}': {uri!r} must be https; plain http is for loopback names")
    if not re.fullmatch(r"[\x21-\x7e]+", uri) or any(mark in uri for mark in "\"'<>\\;,*"):
        raise ValueError(f"'{key}': {uri!r} has characters that a URI has to escape")
    _ = parts.port  # raises ValueError
    return parts
