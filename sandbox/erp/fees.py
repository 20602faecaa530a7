"""Changing what a kind of request costs while the sandbox runs."""

import re
import sqlite3
from typing import Literal

import msgspec

from sandbox.exchange import Answer, Refusal, Request, decode, encoded, invalid

_NET = re.compile(r"(\d{1,9})\.(\d\d)", re.ASCII)


class FeeChange(msgspec.Struct, forbid_unknown_fields=True):
    """The new net fee by one channel."""

    net: str
    channel: Literal["PORTAL", "BRANCH"] = "PORTAL"


_CHANGE = msgspec.json.Decoder(FeeChange)


def change_fee(database: sqlite3.Connection, request: Request) -> Answer:
    """Set a kind's net fee; requests made before keep theirs."""
    kind = request.path.rpartition("/")[2]
    given = decode(_CHANGE, request.body)
    match = _NET.fullmatch(given.net)
    if match is None:
        raise invalid("net", 'must be a decimal string with two places, like "123.00"')
    changed = database.execute(
        "UPDATE request_fee SET net = ? WHERE kind = ? AND channel = ?",
        (int(match[1]) * 100 + int(match[2]), kind, given.channel),
    )
    if not changed.rowcount:
        raise Refusal(404, "NOT_FOUND", "kind: there is no such kind")
    return encoded({"kind": kind, "channel": given.channel, "net": given.net})
