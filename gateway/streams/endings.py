"""Why the gateway ends a stream."""

from dataclasses import dataclass
from typing import Final

from gateway.graphql.parameters import RequestError


@dataclass(frozen=True, slots=True)
class Ending:
    """`close_code` is the WebSocket's (RFC 6455, 7.4, and the protocol's own). After some a client does well
    to connect again at once; after the others somebody must log in, or get another token.
    """

    code: str
    message: str
    close_code: int
    again: bool = False


SESSION_ENDED: Final = Ending("UNAUTHENTICATED", "Your session has ended: log in again.", 4401)
STORE_LOST: Final = Ending("STORE_UNAVAILABLE", "Who you are can't be checked now.", 1013, again=True)
MISSED: Final = Ending(
    "CHANGES_MISSED", "Changes may have been missed: connect again, and ask anew.", 1013, again=True
)
STOPPING: Final = Ending("STOPPING", "The gateway stops: connect again.", 1012, again=True)


class StreamEnded(Exception):
    """The stream on which something was to be done has ended."""


def ending_of(error: RequestError) -> Ending:
    """What becomes of a stream whose credential was refused."""
    return STORE_LOST if error.status == 503 else Ending(error.code, str(error), 4403)
