"""A kept answer as bytes: when it was asked for, in which generation, and what it was."""

from connectors.caching.store import Held

MOMENT = 13
"""Digits of a moment in milliseconds of the epoch."""
GENERATION = 40
HEAD = MOMENT + GENERATION


def sealed(held: Held, body: bytes) -> bytes:
    """An entry of what was asked for right after `held` was read: a generation that has ended meanwhile makes
    it void."""
    return b"%013d%b%b" % (held.now, held.generation, body)


def age(value: bytes | None, held: Held) -> int | None:
    """How long ago it was asked for, in milliseconds; None where it says nothing of today's generation.

    One from the future is void: the clock was set back, and nobody can tell how old it is.
    """
    if value is None or value[MOMENT:HEAD] != held.generation:
        return None
    passed = held.now - int(value[:MOMENT])
    return passed if passed >= 0 else None
