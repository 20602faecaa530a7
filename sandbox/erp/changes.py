"""The change feed: every write appends to it."""

import sqlite3

from sandbox.clock import Clock
from sandbox.data.clients import client_number
from sandbox.exchange import Answer, Request, encoded, invalid

MOST_CHANGES = 1_000


def record_change(
    database: sqlite3.Connection, clock: Clock, collection: str, key: str, client: int | None
) -> None:
    """Append one change, within the transaction of the write it tells of."""
    database.execute(
        "INSERT INTO change (collection, id, client, at) VALUES (?, ?, ?, ?)",
        (collection, key, client, clock.moment()),
    )


def read_changes(database: sqlite3.Connection, request: Request) -> Answer:
    """What changed behind `after`, ascending; `next` is where to read on.

    `next` is less than `after` where the feed has begun anew, with new data.
    """
    after = _number(request, "after", 0, 0, 2**62)
    limit = _number(request, "limit", 500, 1, MOST_CHANGES)
    rows = database.execute(
        "SELECT seq, collection, id, client, at FROM change WHERE seq > ? ORDER BY seq LIMIT ?",
        (after, limit),
    ).fetchall()
    (end,) = database.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()
    items = [
        {
            "seq": seq, "collection": collection, "id": key,
            "clientNumber": None if client is None else client_number(client), "at": at,
        }
        for seq, collection, key, client, at in rows
    ]  # fmt: skip
    return encoded({"items": items, "next": rows[-1][0] if len(rows) == limit else end})


def _number(request: Request, name: str, default: int, least: int, most: int) -> int:
    given = request.query.get(name)
    if given is None:
        return default
    if not given.isascii() or not given.isdigit() or len(given) > 19 or not least <= int(given) <= most:
        raise invalid(name, f"must be a number from {least} to {most}")
    return int(given)
