"""The head of a request (RFC 9112, 3): what is the same for all is written once."""

import re
from collections.abc import Mapping
from functools import lru_cache

from connectors.http1.origin import Origin

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS = frozenset(
    ("connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade")
)


class Heads:
    """Of all requests to one server. `headers` go with each, unless a request has one of the same name."""

    def __init__(self, server: Origin, headers: Mapping[str, str]) -> None:
        """Raises ValueError for what no header may be."""
        self._prefix = server.prefix
        if not server.authority.isprintable() or " " in server.authority:
            raise ValueError(f"no host: {server.authority!r}")
        self._host = f"Host: {server.authority}\r\n"
        own = {"Accept": "*/*"}
        if server.credentials:
            own["Authorization"] = f"Basic {server.credentials}"
        self._headers: dict[str, str] = {}
        for name, value in {**own, **headers}.items():
            self._headers[checked_name(name)] = _line(name, value)
        self._constant = self._host + "".join(self._headers.values())

    def head(self, method: str, path: str, headers: Mapping[str, str], framing: str = "") -> bytes:
        """Up to the empty line. `path` comes encoded; `framing` is the line that says where the body ends.

        Raises ValueError where something can't stand in a head, such as the end of a line.
        """
        target = self._prefix + path
        if not (target.isascii() and target.isprintable() and target.startswith("/")) or " " in target:
            raise ValueError(f"no path: {path!r}")
        constant = self._constant
        lines = ""
        for name, value in headers.items():
            if checked_name(name) in self._headers:
                constant = self._without(headers)
            if not value.isprintable():
                raise ValueError(f"no value of a header: {name}")
            lines += f"{name}: {value}\r\n"
        return f"{method} {target} HTTP/1.1\r\n{constant}{lines}{framing}\r\n".encode()

    def _without(self, headers: Mapping[str, str]) -> str:
        taken = {name.lower() for name in headers}
        return self._host + "".join(line for name, line in self._headers.items() if name not in taken)


@lru_cache(256)
def checked_name(name: str) -> str:
    """In lower case. Raises ValueError for what is no name, or is for the connection to say."""
    lower = name.lower()
    if not _TOKEN.fullmatch(name) or lower in _OURS:
        raise ValueError(f"no header to give: {name!r}")
    return lower


def _line(name: str, value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"no value of a header: {name}")
    return f"{name}: {value}\r\n"
