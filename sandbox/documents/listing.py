"""The documents of a client: a page of them, newest first, and how many there are."""

import re
import sqlite3
from typing import Any, Final, Literal

import msgspec

from sandbox.erp.reads import MOST_ITEMS, MOST_KEYS, valid_day
from sandbox.exchange import decode, invalid

Kind = Literal[
    "INVOICE_PDF", "KSEF_XML", "UPO", "CONTRACT_PDF", "SCHEDULE_PDF", "POLICY_PDF", "ATTACHMENT", "OTHER",
]  # fmt: skip
KINDS: Final[dict[str, Kind]] = {
    "P": "INVOICE_PDF", "X": "KSEF_XML", "O": "UPO", "C": "CONTRACT_PDF", "I": "POLICY_PDF", "R": "OTHER",
    "U": "ATTACHMENT",
}  # fmt: skip
"""What there is here, by the first letter of its id."""

_CLIENT = re.compile(r"client:([0-9]{7})", re.ASCII)
# A malformed record's day of sale stands in for its day of issue.
_ALL = """
WITH document (code, id, day) AS (
    SELECT 'P', id, iif(issue_date < '1', sale_date, issue_date) FROM invoice WHERE client = :client
    UNION ALL SELECT k.code, id, iif(issue_date < '1', sale_date, issue_date)
        FROM invoice CROSS JOIN (SELECT 'X' AS code UNION ALL SELECT 'O') k
        WHERE client = :client AND ksef_number IS NOT NULL
    UNION ALL SELECT 'C', id, signed_on FROM contract WHERE client = :client
    UNION ALL SELECT 'I', id, valid_from FROM policy WHERE client = :client
    UNION ALL SELECT 'U', substr(id, 2), day FROM uploads.upload WHERE client = :client AND expires_at IS NULL
    UNION ALL SELECT 'R', t.id, (SELECT substr(max(e.at), 1, 10) FROM request_event e WHERE e.request = t.id)
        FROM request t WHERE t.client = :client AND t.status IN ('OFFER_READY', 'ACCEPTED', 'COMPLETED'))
SELECT {what} FROM document WHERE (:codes IS NULL OR code IN (SELECT value FROM json_each(:codes)))
    AND day >= :issued_from AND day <= :issued_to
"""
_PAGE = (
    _ALL.format(what="code, id, day")
    + " AND (:day IS NULL OR (day, code || id) < (:day, :key))"
    + " ORDER BY day DESC, code || id DESC LIMIT :limit"
)
_COUNT = _ALL.format(what="count(*)")


class DocumentFilter(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Which documents; days are inclusive."""

    kinds: list[str] | None = None
    issued_from: str | None = None
    issued_to: str | None = None


class CountQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a count; its owners are clients."""

    owners: list[str]
    filter: DocumentFilter | None = None


class OwnersQuery(CountQuery):
    """The body of a list; `first`, `after` and `filter` are for clients, whose lists grow."""

    first: int | None = None
    after: list[str] | None = None


_OWNERS = msgspec.json.Decoder(OwnersQuery)
_COUNTED = msgspec.json.Decoder(CountQuery)


def read_list(body: bytes) -> OwnersQuery:
    """The checked body of a list."""
    query = decode(_OWNERS, body)
    _check(query)
    paged = any(owner.startswith("client:") for owner in query.owners)
    if paged and not all(owner.startswith("client:") for owner in query.owners):
        raise invalid("owners", "must all be clients where one is: their lists are paged, the others whole")
    if paged and query.first is None:
        raise invalid("first", "must be given for clients, 1 to 1000")
    if query.owners and not paged and (query.first, query.after, query.filter) != (None, None, None):
        raise invalid("first", "and after and filter are for clients")
    if query.first is not None and not 1 <= query.first <= MOST_ITEMS:
        raise invalid("first", "must be 1 to 1000")
    if query.after is not None and (len(query.after) != 2 or not valid_day(query.after[0])):
        raise invalid("after", "must hold a day YYYY-MM-DD and an id")
    return query


def read_count(body: bytes) -> CountQuery:
    """The checked body of a count."""
    query = decode(_COUNTED, body)
    _check(query)
    if not all(owner.startswith("client:") for owner in query.owners):
        raise invalid("owners", "must be clients")
    return query


def page(database: sqlite3.Connection, owner: str, query: OwnersQuery) -> list[tuple[str, object, str]]:
    """Letter, rest of the id and day of each document of a client, one more than the page may hold."""
    day, key = query.after or (None, None)
    values = _values(owner, query.filter)
    if values is None or query.first is None:
        return []
    return database.execute(_PAGE, values | {"day": day, "key": key, "limit": query.first + 1}).fetchall()


def count(database: sqlite3.Connection, owner: str, where: DocumentFilter | None) -> int:
    """How many documents a client has."""
    values = _values(owner, where)
    return 0 if values is None else int(database.execute(_COUNT, values).fetchone()[0])


def _values(owner: str, where: DocumentFilter | None) -> dict[str, Any] | None:
    match = _CLIENT.fullmatch(owner)
    if not match:
        return None
    where = where or DocumentFilter()
    codes = [code for code, kind in KINDS.items() if kind in where.kinds] if where.kinds else None
    return {
        "client": int(match[1]),
        "codes": None if codes is None else msgspec.json.encode(codes).decode(),
        "issued_from": where.issued_from or "0001-01-01",
        "issued_to": where.issued_to or "9999-12-31",
    }


def _check(query: CountQuery) -> None:
    if len(query.owners) > MOST_KEYS:
        raise invalid("owners", "must hold at most 10000")
    where = query.filter or DocumentFilter()
    for name, day in (("issuedFrom", where.issued_from), ("issuedTo", where.issued_to)):
        if day is not None and not valid_day(day):
            raise invalid(f"filter.{name}", "must be a date YYYY-MM-DD")
