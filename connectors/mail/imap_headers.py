"""Header fields of messages that anybody may have written, read from bytes."""

import re
from datetime import UTC, datetime
from email.headerregistry import HeaderRegistry
from email.utils import getaddresses
from typing import Any, Final, TypeAlias

from connectors.mail.port import CREDENTIAL_HEADER

_FOLD = re.compile(r"\r?\n(?=[ \t])")
_PLAIN = re.compile(
    r'[^",;:()<>@\\]*<([^\s",;:()<>@\\]+@[^\s",;:()<>@\\]+)>\s*|\s*([^\s",;:()<>@\\]+@[^\s",;:()<>@\\]+)\s*'
)
Answer: TypeAlias = dict[bytes, Any]
"""What FETCH says of a message, by item."""
Header: TypeAlias = dict[str, list[str]]
"""Fields by lower-case name."""

_registry = HeaderRegistry()
_FALLBACK: Final = "cp1250"
"""Old Polish mail programs wrote so without saying it."""
_LONGEST: Final = 2_000
"""Characters of a subject or a file's name that are decoded: no person wrote more, and it takes time."""


def readable(content: bytes, charset: str = "utf-8") -> str:
    """Text in this character set, else in UTF-8, else in Windows-1250, without NUL characters."""
    for name in (charset, "utf-8"):
        try:
            return content.decode(name).replace("\0", "")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return content.decode(_FALLBACK, "replace").replace("\0", "")


def header_of(answer: Answer) -> Header:
    """What FETCH says of some fields, unfolded and not yet decoded (RFC 5322). Raises KeyError without."""
    for item, block in answer.items():
        if item.startswith(b"BODY[HEADER.FIELDS"):
            found: Header = {}
            for line in _FOLD.sub("", readable(block)).splitlines():
                name, colon, value = line.partition(":")
                if colon:
                    found.setdefault(name.strip().lower(), []).append(value.strip())
            return found
    raise KeyError("HEADER")


def addresses(header: Header, *names: str) -> list[str]:
    """The addresses in these fields, lower-case.

    Before encoded words are decoded, as RFC 2047 has it: a name that reads like an address is none.
    """
    found = []
    for value in (value for name in names for value in header.get(name, ())):
        plain = _PLAIN.fullmatch(value)
        if plain:
            found.append((plain[1] or plain[2]).lower())
        else:
            found += [address.lower() for _, address in getaddresses([value]) if "@" in address]
    return found


def client_number(header: Header) -> str | None:
    """The client that the message names. One that names two is nobody's: no client has such a number."""
    named = dict.fromkeys(header.get("client-number", ()))
    return ", ".join(named) if named else None


def is_credential(header: Header) -> bool:
    """Whether nobody may read it back."""
    return CREDENTIAL_HEADER.lower() in header


def subject(header: Header) -> str:
    """As a reader sees it."""
    return decoded(" ".join(header.get("subject", ())[:1]))


def sent_at(answer: Answer) -> datetime:
    """When the archive received it: the field Date is whatever the sender says."""
    moment: datetime = answer[b"INTERNALDATE"]
    return moment.astimezone(UTC)


def decoded(value: str) -> str:
    """Unstructured text with its encoded words (RFC 2047) read; as it is where that can't be done."""
    try:
        text = str(_registry("subject", value[:_LONGEST]))
        return text.encode("utf-8", "replace").decode()
    except (ValueError, LookupError, AttributeError, TypeError, AssertionError):
        return value[:_LONGEST]
