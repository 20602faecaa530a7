"""Keys that nobody has."""

from collections.abc import Sequence
from typing import TypeVar

from connectors.errors import MalformedRecord

K = TypeVar("K")
R = TypeVar("R")

STRANGE = (
    "",
    ".",
    "..",
    "/",
    "/etc/passwd",
    "../../../../etc/passwd",
    "0010001/../../etc",
    "0010001/../0010001",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "0010001/invoice-1/\0",
    "\0",
    "\r\nX: y",
    "*",
    "%",
    "'; --",
    '"',
    "0010001\\invoice-1\\x",
    "a" * 5000,
    "a/b/" + "c" * 5000,
    "Zażółć/gęślą/jaźń",
    "999999999999999999999",
    "²",
    "1-",
    "1-2-3",
)
"""Each of them is missing in every system, and nothing worse."""


def many(known: Sequence[K], missing: Sequence[K], count: int = 600) -> list[K]:
    """A long batch: known and missing keys in turn, each many times."""
    return [
        (known, missing)[place % 2][place // 2 % len((known, missing)[place % 2])] for place in range(count)
    ]


def whole(items: Sequence[R | MalformedRecord]) -> list[R]:
    """Records, none of them malformed."""
    assert not [each for each in items if isinstance(each, MalformedRecord)]
    return [each for each in items if not isinstance(each, MalformedRecord)]
