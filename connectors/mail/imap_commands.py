"""What is said to an IMAP server: SEARCH and FETCH, in few commands that every server takes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from connectors.mail.imap_headers import Answer
from connectors.mail.port import CREDENTIAL_HEADER

HEADER: Final = f"BODY.PEEK[HEADER.FIELDS (FROM TO CC SUBJECT CLIENT-NUMBER {CREDENTIAL_HEADER.upper()})]"
"""The fields that `imap_headers` reads."""
_UIDS: Final = 500
"""In a command: no line is longer than the 8192 octets that every server takes (RFC 7162)."""
_ADDRESSES: Final = 25
"""In a command, for the same reason."""


def fetched(
    client: IMAPClient, uids: Sequence[int], items: Sequence[str]
) -> Iterator[tuple[int, Answer | Exception]]:
    """What FETCH says of each message that is there, or why it can't be read.

    An answer that can't be read is asked for again message by message, so that one costs no other.
    """
    for start in range(0, len(uids), _UIDS):
        block = uids[start : start + _UIDS]
        try:
            yield from client.fetch(block, items).items()
        except IMAPClientAbortError:
            raise
        except (IMAPClientError, ValueError, TypeError, IndexError) as error:
            if len(block) == 1:
                yield block[0], error
            else:
                for uid in block:
                    yield from fetched(client, [uid], items)


def criteria(wanted: Iterable[str], start: int) -> Iterator[str]:
    """SEARCH criteria for mails with these addresses, less credentials, from a UID on.

    Several addresses share a command: a server walks its messages once for each. They find too much, never
    too little, since a server compares parts of texts.
    """
    each = [f"OR OR FROM {text} TO {text} CC {text}" for text in map(_quoted, wanted) if text]
    which = f'UID {start}:* UNDELETED NOT HEADER {CREDENTIAL_HEADER} ""'
    for first in range(0, len(each), _ADDRESSES):
        yield f"{which} {_either(each[first : first + _ADDRESSES])}"


def _either(conditions: Sequence[str]) -> str:
    """All joined by OR, which takes two; halved, so that it nests no deeper than it must."""
    if len(conditions) == 1:
        return conditions[0]
    half = len(conditions) // 2
    return f"OR {_either(conditions[:half])} {_either(conditions[half:])}"


def _quoted(address: str) -> str:
    """The longest part of an address that a quoted string may hold (RFC 3501), quoted; or nothing."""
    parts = "".join(mark if " " <= mark <= "~" else "\n" for mark in address).split("\n")
    longest = max(parts, key=len)
    escaped = longest.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if longest else ""
