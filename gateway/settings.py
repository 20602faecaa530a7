"""The one table of settings: name, default, help, and whether it is a secret.

A value comes from the environment (`LEASEGRAPH_PORT`), else from the TOML file (`port = 8000`), else from the
table. docs/settings.md is generated from it.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from auth.clients import Client
from auth.registration import read_clients
from gateway.setting import SettingsError, parsed, sentence, setting
from gateway.setting_values import (
    WORKERS,
    address,
    file,
    hosts,
    level,
    networks,
    number,
    one_of,
    origin,
    port,
    seconds,
    seconds_if_any,
    switch,
    text,
    url,
)
from gateway.store_url import store_url
from gateway.systems.reading import System, read_sources, read_systems
from gateway.systems.routing import routed, said_twice

PREFIX = "LEASEGRAPH_"
CONFIG = "LEASEGRAPH_CONFIG"
DEFAULT_FILE = "leasegraph.toml"


_LOOPBACK = "127.0.0.1"
COMPILED = "compiled"
"""The engine that runs queries by plans."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, checked. Times are in seconds."""

    host: str = setting(_LOOPBACK, text, "an address", "Address on which the gateway listens.")
    port: int = setting(8000, port, "a number from 1 to 65535", "Port on which the gateway listens.")
    workers: int = setting(
        1, number(*WORKERS), "a number from 1 to 256",
        "Processes that serve, on one listening socket; one for each core that they may have to themselves.",
    )  # fmt: skip
    metrics_port: int = setting(
        0, number(0, 65_535), "a number from 0 to 65535",
        "Port with [numbers for Prometheus](operating.md#metrics) of the first worker, the next one of the "
        "second …; 0 is none.",
    )  # fmt: skip
    metrics_host: str = setting(_LOOPBACK, text, "an address", "Address on which metrics are told.")
    public_url: str = setting(
        "", origin, "http(s)://host[:port]",
        "Origin under which browsers reach the gateway; links in mails are made from it.",
        shown="http://localhost:<port>",
    )  # fmt: skip
    allowed_hosts: tuple[str, ...] = setting(
        (), hosts, "host names, separated by commas",
        "Further host names for the graph; others get 400. The login pages answer under the public URL only.",
    )  # fmt: skip
    trusted_proxies: tuple[Any, ...] = setting(
        (), networks, "networks like 10.0.0.0/8, separated by commas",
        "Proxies whose X-Forwarded-For is believed.",
    )  # fmt: skip
    data_dir: Path = setting(
        Path(".leasegraph"), Path, "a folder", "Where the gateway keeps what must survive a restart."
    )
    redis_url: str = setting(
        "", store_url, "redis://[user:password@]host[:port][/db]",
        "Redis 7 or Valkey; Sentinels: redis+sentinel://[user:password@]host:port,host:port/<service>[/db]. "
        "Without it the gateway runs a Valkey of its own in the data folder.", secret=True,
    )  # fmt: skip
    redis_replicas: int = setting(
        0, number(0, 10), "a number from 0 to 10",
        "Replicas that must have what is acknowledged for good, such as passwords; 1 goes with Sentinels.",
    )  # fmt: skip
    secret_key: str = setting(
        "", text, "a text of at least 32 characters",
        "Pepper of passwords, PINs and cookies. Losing it makes all passwords void.", secret=True,
        shown="made once in <data_dir>/secret.key",
    )  # fmt: skip
    leasing_company: str = setting(
        "Kompas Leasing S.A.", text, "a name", "The leasing company's name, on pages and in mails."
    )
    erp_url: str = setting(
        "", url("http", "https"), "http(s)://host[:port][/path]", "Base URL of the ERP's REST contract.",
        shown="http://127.0.0.1:<port + 1>",
    )  # fmt: skip
    erp_api_key: str = setting("", text, "a text", "Bearer key for the ERP.", secret=True)
    erp_timeout: float = setting(5.0, seconds, "seconds", "Longest wait for one answer of the ERP.")
    erp_changes_seconds: float = setting(
        1.0, seconds, "seconds",
        "Rest between two looks at a system's changes: so long a right may outlive its end there.",
    )  # fmt: skip
    documents_url: str = setting(
        "", url("http", "https", "file"), "http(s)://… or file:///folder", "The document store.",
        shown="file://<data_dir>/documents",
    )  # fmt: skip
    documents_api_key: str = setting("", text, "a text", "Bearer key for the document store.", secret=True)
    documents_timeout: float = setting(5.0, seconds, "seconds", "Longest wait for the document store.")
    mail_archive_url: str = setting(
        "", url("http", "https"), "http(s)://host[:port][/path]", "Base URL of the mail archive.",
        shown="http://127.0.0.1:<port + 1>",
    )  # fmt: skip
    mail_archive_api_key: str = setting("", text, "a text", "Bearer key for the mail archive.", secret=True)
    mail_archive_timeout: float = setting(5.0, seconds, "seconds", "Longest wait for the mail archive.")
    ksef_qr_url: str = setting(
        "https://qr.ksef.mf.gov.pl", url("http", "https"), "http(s)://host",
        "Where KSeF verifies invoices by QR code; its test environment has another host.",
    )  # fmt: skip
    smtp_url: str = setting(
        "", url("smtp", "smtps", "smtp+starttls"), "smtp(s)://[user:password@]host[:port]",
        "Server that sends mails; see [Mail](systems.md#mail).", secret=True,
        shown="smtp://127.0.0.1:<port + 2>",
    )  # fmt: skip
    smtp_timeout: float = setting(10.0, seconds, "seconds", "Longest wait for one delivery.")
    smtp_ca_file: Path | None = setting(
        None, file, "a file", "The authority of the mail server's certificate (PEM), if the company's own."
    )
    systems: tuple[System, ...] = setting(
        (), read_systems, "tables [systems.<name>], in the file only",
        "Back-office systems beside `erp`, `documents`, `mail` and `smtp`, which the settings here make, or "
        "instead of them; see below.",
        table="docs/settings.md",
    )  # fmt: skip
    sources: tuple[tuple[str, str], ...] = setting(
        (), read_sources, "a table [sources], in the file only",
        "Which part of the graph comes from which system; see below.",
        table="docs/settings.md",
    )  # fmt: skip
    mail_from: str = setting(
        "portal@leasing.example.com", address, "an e-mail address", "Sender of the gateway's mails."
    )
    system_connections: int = setting(
        20, number(1), "a whole number from 1",
        "Most calls under way to one system at a time; as many downloads and uploads besides.",
    )  # fmt: skip
    system_queue: int = setting(
        1000,
        number(0),
        "a whole number",
        "Most calls that wait their turn at one system; others are refused.",
    )
    share_reads: bool = setting(
        True, switch, "yes or no", "Equal questions to a system that are under way at once are asked once."
    )
    cache_seconds: float = setting(
        0.0, seconds_if_any, "seconds, 0 for none",
        "How old an answer may be that people are given without asking the system; see operating.md.",
    )  # fmt: skip
    cache_stale_seconds: float = setting(
        0.0, seconds_if_any, "seconds, 0 for none",
        "How old an answer may be that stands in for a system that fails.",
    )  # fmt: skip
    cache_amounts_seconds: float = setting(
        0.0, seconds_if_any, "seconds, 0 for none",
        "How old, at most and in both cases, where it tells what is due or settled.",
    )  # fmt: skip
    cache_redis_url: str = setting(
        "", store_url, "as redis_url", "Redis 7 or Valkey that keeps the cache, and needs no disk.",
        secret=True, shown="the store of redis_url",
    )  # fmt: skip
    cache_timeout: float = setting(
        0.25, seconds, "seconds", "Longest wait for the cache's store; then the systems are asked."
    )
    cache_max_store_bytes: int = setting(
        268_435_456, number(1), "a whole number from 1",
        "Nothing more is cached while the cache's store holds so much in all.",
    )  # fmt: skip
    request_timeout: float = setting(10.0, seconds, "seconds", "Longest time for one GraphQL request.")
    receive_timeout: float = setting(
        30.0, seconds, "seconds",
        "Longest time for a request's head to come in, and then for its body; a file has `upload_timeout`.",
    )  # fmt: skip
    engine: str = setting(
        COMPILED, one_of(COMPILED, "graphql-core"), f"{COMPILED} or graphql-core",
        "What runs queries: compiled plans, or graphql-core as it does everything else; both answer alike.",
    )  # fmt: skip
    max_body_bytes: int = setting(
        262_144, number(1024), "a whole number from 1024", "Largest GraphQL request body."
    )
    max_tokens: int = setting(
        4000, number(100), "a whole number from 100", "Most tokens in a GraphQL document."
    )
    max_depth: int = setting(16, number(3), "a whole number from 3", "Deepest nesting of fields.")
    max_aliases: int = setting(60, number(0), "a whole number", "Most aliases in an operation.")
    max_root_fields: int = setting(
        20, number(1), "a whole number from 1", "Most fields at an operation's root."
    )
    max_cost: int = setting(
        500_000, number(1000), "a whole number from 1000",
        "Most that an operation may cost, about the values that its answer may hold: lists in lists multiply "
        "by their `first`. See docs/graphql.md.",
    )  # fmt: skip
    max_cost_under_way: int = setting(
        350_000, number(1000), "a whole number from 1000",
        "Most that the large queries under way may cost in all, in each worker; others wait their turn.",
    )  # fmt: skip
    trusted_documents: Path | None = setting(
        None, Path, "a path",
        "Manifest of trusted documents, which requests name by their ids. See docs/operating.md.", shown="",
    )  # fmt: skip
    adhoc_documents: bool | None = setting(
        None, switch, "yes or no", "Run other documents than trusted ones too.",
        shown="yes without a manifest and in the demo, else no",
    )  # fmt: skip
    legacy_status: bool = setting(
        True, switch, "yes or no",
        "Answer 200 in `application/json` where the document is at fault, as older clients expect; "
        "else 400, as in `application/graphql-response+json`.",
    )  # fmt: skip
    max_streams: int = setting(
        20, number(1), "a whole number from 1",
        "Most WebSockets and event streams that a user or tool may hold open, for each worker.",
    )  # fmt: skip
    max_stream_operations: int = setting(
        20, number(1), "a whole number from 1", "Most operations that may run on a WebSocket at a time."
    )
    stream_check_seconds: float = setting(
        3.0, seconds, "seconds",
        "Rest between two looks at an open stream's session or token; what somebody ends counts at once.",
    )  # fmt: skip
    pin_seconds: int = setting(600, number(1), "seconds", "How long a PIN is good.")
    resend_seconds: int = setting(60, number(0), "seconds", "Shortest time between two PINs of a flow.")
    session_idle_seconds: int = setting(900, number(1), "seconds", "A session ends after this rest.")
    session_absolute_seconds: int = setting(
        36_000, number(1), "seconds", "A session ends after this time whatever happens."
    )
    session_recall_seconds: int = setting(
        1, number(0, 10), "seconds, up to 10",
        "How long the store's word on a session is used again, unless the store tells that it has changed; 0 "
        "asks for each request.",
    )  # fmt: skip
    logins_per_minute: int = setting(
        3000, number(2), "a whole number from 2",
        "Logins, first logins and resets of unknown browsers over all addresses; past it they get 503.",
    )  # fmt: skip
    login_rate_per_minute: int = setting(
        240, number(2), "a whole number from 2",
        "Forms sent to the login pages per address and minute; half of them may come at once.",
    )  # fmt: skip
    tell_personal_rules: bool = setting(
        True, switch, "yes or no",
        "Tell, after the right PIN, which personal rule a password of an anonymous flow broke.",
    )  # fmt: skip
    clients: tuple[Client, ...] = setting(
        (), lambda tables, _environment: read_clients(tables), "tables [clients.<id>], in the file only",
        "Programs that may ask for tokens; `leasegraph client add` makes an entry, see docs/openid.md.",
        table="docs/openid.md",
    )  # fmt: skip
    token_rate_per_minute: int = setting(
        1200, number(2), "a whole number from 2",
        "Requests to the OpenID provider per address, and per client with a secret; half of them at once.",
    )  # fmt: skip
    download_link_seconds: int = setting(
        300, number(1, 86_400), "seconds", "How long a link to download a file is good."
    )
    download_stall_timeout: float = setting(
        60.0, seconds, "seconds",
        "Longest wait for a client to take the next part of a download, or 64 kB of another answer.",
    )  # fmt: skip
    max_upload_bytes: int = setting(
        20_971_520, number(1024), "a whole number from 1024", "Largest file that a user may upload."
    )
    max_uploads_per_day: int = setting(
        200, number(1), "a whole number from 1", "Most files that a user may upload within 24 hours."
    )
    upload_timeout: float = setting(300.0, seconds, "seconds", "Longest time for a file to come in.")
    log_level: str = setting("INFO", level, "DEBUG, INFO, WARNING or ERROR", "Least severe logged level.")

    @property
    def runs_adhoc_documents(self) -> bool:
        """Whether documents run that aren't trusted ones."""
        return self.trusted_documents is None if self.adhoc_documents is None else self.adhoc_documents

    @property
    def state_dir(self) -> Path:
        """Where the embedded Valkey keeps its files."""
        return self.data_dir / "state"

    @property
    def documents_dir(self) -> Path:
        """The folder of documents where none is named."""
        return self.data_dir.absolute() / "documents"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the gateway may be reached."""
        loopback = {"localhost", "127.0.0.1", "[::1]"}
        public = urlsplit(self.public_url).hostname or ""
        return frozenset({public, *self.allowed_hosts} | (loopback if public in loopback else set()))


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises SettingsError."""
    table = {item.name: item for item in fields(Settings)}
    values: dict[str, Any] = {}
    file, from_file = _from_file(environment)
    from_environment = _from_environment(environment)
    for source, given in ((file, from_file), ("environment", from_environment)):
        for name, value in given.items():
            if name not in table:
                raise SettingsError(_unknown(name, source, table))
            try:
                values[name] = parsed(table[name], value, environment)
            except ValueError as error:
                raise SettingsError(f"{_key(name, source)}: {error}") from error
    if twice := said_twice(from_file | from_environment):
        raise SettingsError(f"{file}: {twice}")
    settings = derived(Settings(**values))
    if settings.trusted_documents is None and not settings.runs_adhoc_documents:
        raise SettingsError(
            "'adhoc_documents' is no, and there is no manifest of trusted documents: nothing could be asked. "
            "Set 'trusted_documents', see docs/operating.md."
        )
    try:
        routed(settings)
    except ValueError as error:
        raise SettingsError(f"{file or 'settings'}: {sentence(error)} See docs/settings.md.") from error
    return settings


def derived(settings: Settings) -> Settings:
    """Fills what follows from other settings."""
    sandbox = f"http://{_LOOPBACK}:{settings.port + 1}"
    filled = {
        "public_url": f"http://localhost:{settings.port}",
        "erp_url": sandbox,
        "documents_url": settings.documents_dir.as_uri(),
        "mail_archive_url": sandbox,
        "smtp_url": f"smtp://{_LOOPBACK}:{settings.port + 2}",
    }
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    return Settings(**{name: values[name] or filled.get(name, values[name]) for name in values})


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    names = (name for name in environment if name.startswith(PREFIX) and name != CONFIG)
    return {name.removeprefix(PREFIX).lower(): environment[name] for name in names}


def _from_file(environment: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    path = Path(environment.get(CONFIG, DEFAULT_FILE))
    if not path.exists() and CONFIG not in environment:
        return "", {}
    try:
        return str(path), tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path}, the settings file, can't be read: {error.strerror}. See {CONFIG}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: can't be read as TOML: {error}") from error


def _key(name: str, source: str) -> str:
    return f"{PREFIX}{name.upper()}" if source == "environment" else f"'{name}' in {source}"


def _unknown(name: str, source: str, table: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, table, n=1)
    remedy = f"Did you mean {_key(near[0], source)}?" if near else "See docs/settings.md for all of them."
    return f"{_key(name, source)}: there is no such setting. {remedy}"
