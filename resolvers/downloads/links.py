"""Short-lived signed links.

A link is good for one asker, one client and some minutes. Who asked is in the signature but not in the link:
to anybody else it is no link at all, and can't be told from a forged one. It is no right by itself either:
whoever follows it is asked again who they are and what they may see.
"""

import base64
import binascii
import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from resolvers.downloads.tickets import Ticket
from resolvers.policy import acts_for
from resolvers.viewer import Asker, Viewer

PATH: Final = "/documents/"
"""Where the gateway answers for links; the token follows."""

_MAC_BYTES = 32


class Link(NamedTuple):
    """A path on the gateway's origin, and the moment (UTC) from which it is dead."""

    url: str
    expires_at: datetime


class LinkExpired(Exception):
    """It was the asker's own link, and its time is over."""


class _Promise(msgspec.Struct, frozen=True, array_like=True):
    """`expires` is in seconds since 1970."""

    expires: int
    ticket: Ticket


_promises = msgspec.json.Decoder(_Promise)
_encode = msgspec.json.Encoder().encode


class DownloadLinks:
    """Makes links that live for `seconds`, signed by HMAC-SHA256 with `key`; reads them back."""

    def __init__(self, key: bytes, seconds: int, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._seconds = seconds
        self._clock = clock

    def link(self, asker: Asker, ticket: Ticket) -> Link:
        """A link for whoever asks."""
        expires = int(self._clock()) + self._seconds
        promise = _encode(_Promise(expires, ticket))
        token = base64.urlsafe_b64encode(self._mac(asker, promise) + promise).decode().rstrip("=")
        return Link(PATH + token, datetime.fromtimestamp(expires, UTC))

    def read(self, asker: Asker, token: str) -> Ticket | None:
        """What the token leads the asker to; None unless it was made for them. Raises LinkExpired."""
        try:
            padded = token.encode("ascii") + b"=" * (-len(token) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        mac, promise = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(asker, promise)):
            return None
        read = _promises.decode(promise)
        if not acts_for(asker, read.ticket.client_number):
            return None
        if self._clock() >= read.expires:
            raise LinkExpired
        return read.ticket

    def _mac(self, asker: Asker, promise: bytes) -> bytes:
        # A JSON list says itself where it ends, so that no login runs into the promise, or is a tool's id.
        who = [asker.login] if isinstance(asker, Viewer) else ["tool", asker.client_id]
        return hmac.digest(self._key, _encode(who) + promise, "sha256")
