"""Reading a setting's value from text. Each raises ValueError with what is wrong."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from auth.options import LOOPBACK_NAMES

PORTS = range(1, 65536)
WORKERS = (1, 256)


def text(value: str) -> str:
    """Anything that is not empty."""
    if not value.strip():
        raise ValueError("it is empty")
    return value.strip()


def port(value: str) -> int:
    """A TCP port."""
    return number(PORTS.start, PORTS.stop - 1)(value)


def number(least: int, most: int | None = None) -> Callable[[str], int]:
    """A whole number between two bounds."""

    def parse(value: str) -> int:
        try:
            found = int(value)
        except ValueError:
            raise ValueError("it is no whole number") from None
        if found < least or (most is not None and found > most):
            raise ValueError(f"it must be {least}{f' to {most}' if most else ' or more'}")
        return found

    return parse


def one_of(*known: str) -> Callable[[str], str]:
    """One of some words."""

    def parse(value: str) -> str:
        if value.strip().lower() not in known:
            raise ValueError(f"it must be {' or '.join(known)}")
        return value.strip().lower()

    return parse


def seconds(value: str) -> float:
    """A time above 0 and below a day."""
    found = _number(value)
    if not 0 < found < 86_400:
        raise ValueError("it must be above 0 and below 86400")
    return found


def seconds_if_any(value: str) -> float:
    """A time below a day, or 0 for none."""
    found = _number(value)
    if not 0 <= found < 86_400:
        raise ValueError("it must be 0 or more, and below 86400")
    return found


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError("it is no number") from None


def switch(value: str) -> bool:
    """Yes or no."""
    known = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False}
    try:
        return {**known, "off": False}[value.strip().lower()]
    except KeyError:
        raise ValueError("it must be yes or no") from None


def url(*schemes: str) -> Callable[[str], str]:
    """A URL of one of these schemes, without a slash at its end."""

    def parse(value: str) -> str:
        parts = urlsplit(value.strip())
        if parts.scheme not in schemes:
            raise ValueError(f"it must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        if not parts.hostname and not parts.path.strip("/"):
            raise ValueError("it names no host")
        _ = parts.port  # raises ValueError
        return value.strip().rstrip("/")

    return parse


def origin(value: str) -> str:
    """What is before the path of a URL. Session cookies are for https; a loopback name may do without."""
    found = url("http", "https")(value)
    parts = urlsplit(found)
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("it ends with host and port")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ValueError("plain http is for localhost only, since session cookies need https")
    return found


def file(value: str) -> Path:
    """A file that can be read."""
    try:
        with Path(value.strip()).open("rb"):
            return Path(value.strip())
    except OSError as error:
        raise ValueError(error.strerror or "it can't be read") from error


def names(value: str) -> tuple[str, ...]:
    """Any names."""
    found = tuple(name.strip() for name in value.split(",") if name.strip())
    if not found:
        raise ValueError("there is none")
    return found


def hosts(value: str) -> tuple[str, ...]:
    """Host names without ports."""
    names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
    if any((":" in name.strip("[]") and not name.startswith("[")) or "/" in name for name in names):
        raise ValueError("a name has neither scheme nor port")
    return names


def networks(value: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks in CIDR notation, or single addresses."""
    return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())


def address(value: str) -> str:
    """An e-mail address."""
    local, at, domain = value.strip().rpartition("@")
    if not (local and at and "." in domain) or any(mark in value for mark in "\r\n<> "):
        raise ValueError("it must look like name@example.com")
    return value.strip()


def level(value: str) -> str:
    """A logging level."""
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("there is no such level")
    return value.upper()
