"""Reading the answer of a health path of the REST contract."""

import msgspec

from connectors.errors import MalformedAnswer, UpstreamUnavailable


class _Health(msgspec.Struct):
    status: str


def check_health(system: str, body: bytes) -> None:
    """Raises MalformedAnswer for what no such system says, UpstreamUnavailable where it isn't `ok`."""
    try:
        status = msgspec.json.decode(body, type=_Health).status
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswer(system) from error
    if status != "ok":
        raise UpstreamUnavailable(system)
