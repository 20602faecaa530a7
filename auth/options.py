"""Every limit of the credential flow, login and sessions, with its default."""

import os
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import SplitResult, urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class AuthOptions:
    """Times are in seconds unless the name says otherwise.

    `pepper` (32 bytes or more) names accounts in the store and must stay the same for its whole life;
    passwords are peppered with the newest entry of `password_peppers` and, without one, with a key
    derived from `pepper` as version 0.
    """

    public_url: str
    leasing_company: str
    pepper: bytes = field(repr=False)
    password_peppers: dict[int, bytes] = field(default_factory=dict, repr=False)

    pin_seconds: float = 600
    flow_seconds: float = 1800
    resend_seconds: float = 60
    resends_per_flow: int = 3
    resends_per_hour: int = 5
    pin_mails_per_hour: int = 10
    candidates_per_flow: int = 10
    pin_tries: int = 5
    flow_pin_tries: int = 10
    login_pin_failures_per_day: int = 15
    repick_seconds: float = 600
    committed_seconds: float = 60
    tell_personal_rules_after_pin: bool = True

    invitation_seconds: float = 7 * 86400
    invitation_mail_seconds: float = 3600
    invitations_per_hour: int = 5
    already_active_mail_seconds: float = 86400
    mail_delay_seconds: float = 0.3
    mail_retry_seconds: tuple[float, ...] = (1, 5)
    outbox_lease_seconds: float = 8
    answer_step_seconds: float = 0.1

    free_login_failures: int = 5
    lock_seconds: tuple[float, ...] = (60, 120, 240, 480, 900)
    login_failures_forgotten_seconds: float = 12 * 3600
    device_seconds: int = 365 * 86400

    idle_seconds: float = 900
    absolute_seconds: float = 36000
    sessions_per_account: int = 5
    touch_seconds: float = 30
    recall_seconds: float = 1

    code_seconds: float = 60
    access_token_seconds: int = 300
    id_token_seconds: int = 300
    offline_seconds: float = 30 * 86400
    retired_key_seconds: float = 86400
    key_reading_seconds: float = 5

    token_requests_per_minute: float = 1200
    requests_per_minute: float = 240
    request_burst: int = 120
    requests_at_once: int = 4
    logins_per_minute: float = 3000
    login_burst: int = 1500
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    hash_memory_kib: int = 47104
    hash_passes: int = 1
    hash_lanes: int = 1
    hash_workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    hash_queue: int = 16

    body_bytes: int = 8192
    disk_seconds: float = 3
    replicas: int = 0
    audit_entries: int = 1_000_000

    def __post_init__(self) -> None:
        url = self.url
        if url.scheme not in {"http", "https"} or not url.hostname or url.path not in {"", "/"} or url.query:
            raise ValueError("public_url must be an origin such as https://portal.example.com")
        if url.scheme == "http" and url.hostname not in LOOPBACK_NAMES:
            raise ValueError("public_url may be plain http on a loopback name only")
        if len(self.pepper) < 32 or any(len(pepper) < 32 for pepper in self.password_peppers.values()):
            raise ValueError("a pepper must have 32 bytes or more")
        if any(version < 1 for version in self.password_peppers):
            raise ValueError("versions of password_peppers start at 1")

    @property
    def url(self) -> SplitResult:
        return urlsplit(self.public_url)

    @property
    def issuer(self) -> str:
        """The provider's name (RFC 8414), which is the origin without a slash."""
        return self.public_url.rstrip("/")

    @property
    def https(self) -> bool:
        return self.url.scheme == "https"

    @property
    def origins(self) -> frozenset[str]:
        """The origins (RFC 6454, serialised) that are ours: one, or every loopback name with its port."""
        names = LOOPBACK_NAMES if not self.https else {self.url.hostname or ""}
        default = 443 if self.https else 80
        port = self.url.port or default
        suffix = "" if port == default else f":{port}"
        return frozenset(
            f"{self.url.scheme}://{f'[{name}]' if ':' in name else name}{suffix}" for name in names
        )

    @property
    def hosts(self) -> frozenset[str]:
        """The values of the Host header that are ours."""
        return frozenset(origin.partition("://")[2] for origin in self.origins)

    def link(self, path: str) -> str:
        """An absolute link for a mail: from the configured origin, never from a request header."""
        return self.issuer + path
