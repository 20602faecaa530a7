"""Which media type an answer has."""

from functools import lru_cache
from typing import Final, NamedTuple

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"

_Rank = tuple[float, int, int]  # quality, how specific, how early


_USUAL: Final = 500
"""Bytes of a header: longer ones are nobody's but an attacker's, and would stay in memory."""


class Asked(NamedTuple):
    """What a request can be answered by: `media` as a whole, None where not so; `events` as event streams."""

    media: str | None
    events: bool


def asked_for(accept: bytes) -> Asked:
    """What an Accept header asks for; of usual ones it is remembered."""
    return _remembered(accept) if len(accept) <= _USUAL else _asked_for(accept)


def _asked_for(accept: bytes) -> Asked:
    text = accept.decode("latin-1")
    return Asked(_negotiated(text), _accepts_events(text))


_remembered = lru_cache(maxsize=256)(_asked_for)


def _negotiated(accept: str) -> str | None:
    """The best media type for an Accept header (RFC 9110, 12.5.1); None where none will do."""
    if not accept.strip():
        return JSON
    best: dict[str, _Rank] = {}
    for position, part in enumerate(accept.lower().split(",")):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        quality = _quality(parameters)
        if quality is None:
            continue
        for candidate in (GRAPHQL, JSON):
            specific = {candidate: 2, "application/*": 1, "*/*": 0}.get(media_range)
            if specific is not None and (candidate not in best or specific > best[candidate][1]):
                best[candidate] = (quality, specific, -position)
    best = {media: rank for media, rank in best.items() if rank[0] > 0}
    if not best:
        return None
    if all(specific < 2 for _, specific, _ in best.values()):
        return JSON  # only wildcards: the draft's watershed asks for the older type
    return max(best, key=lambda media: best[media])


def _accepts_events(accept: str) -> bool:
    """Whether an Accept header names event streams; a wildcard doesn't."""
    for part in accept.lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        if media_range == EVENTS and (_quality(parameters) or 0) > 0:
            return True
    return False


def _quality(parameters: list[str]) -> float | None:
    """The q value; None where a charset is asked for that we don't write."""
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            return None
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
    return quality
