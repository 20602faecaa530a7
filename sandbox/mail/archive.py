"""The mail archive: generated letters and what came in by SMTP, read by address."""

import re
import sqlite3
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from sandbox.erp.page import EMPTY_PAGE, positioned_page
from sandbox.erp.reads import MOST_ITEMS, MOST_KEYS
from sandbox.erp.records import Moment, Record
from sandbox.erp.rendering import escaped, expression, identifier, json, structure, text
from sandbox.exchange import Answer, Request, decode, invalid

_HEADER = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


class Attachment(Record):
    """A file of a message; size in bytes."""

    file_name: str
    mime_type: str
    size: int


class Message(
    Record,
    rename={"from_": "from", "client_number": "clientNumber", "sent_at": "sentAt", "as_of": "asOf"},
):
    """A message; OUTBOUND is to the client. It never changes, hence holds as of when it was sent."""

    id: str
    client_number: str | None
    direction: Literal["INBOUND", "OUTBOUND"]
    subject: str
    sent_at: Moment
    from_: str
    to: str
    body: str
    attachments: list[Attachment]
    headers: dict[str, str]
    as_of: Moment


class Correspondent(msgspec.Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """An address, in its role for one client; two clients may share one."""

    address: str
    client_number: str


class CountQuery(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of a count."""

    keys: list[Correspondent]
    without_header: str | None = None


class ListQuery(CountQuery):
    """The body of a list."""

    first: int = 20
    after: tuple[str, str] | None = None


class KeysQuery(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of a get."""

    keys: list[str]
    without_header: str | None = None


_COUNT = msgspec.json.Decoder(CountQuery)
_LIST = msgspec.json.Decoder(ListQuery)
_KEYS = msgspec.json.Decoder(KeysQuery)

FIELDS = structure(
    id=identifier("t.id"), clientNumber=escaped("t.client"), direction=text("t.direction"),
    subject=escaped("t.subject"), sentAt=text("t.sent_at"), **{"from": escaped("t.sender")},
    to=escaped("t.recipients"),
    body=escaped("iif(t.body = '', coalesce(t.html, ''), t.body)"), attachments=json("t.attachments"),
    headers=json("t.headers"), asOf=text("t.sent_at"),
)  # fmt: skip
POSITION = "json_array(t.sent_at, CAST(t.id AS TEXT))"
# The schema's own tables are called main.
DATABASES = ("main", "mailbox")


class Archive:
    """Answers list, get and count."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Reads `message` of the ERP database and of the attached mailbox."""
        self._database = database

    def list_by_address(self, request: Request) -> Answer:
        """Messages from or to each address, newest first."""
        query = decode(_LIST, request.body)
        condition, values = _condition(query.keys, query.without_header)
        if not 1 <= query.first <= MOST_ITEMS:
            raise invalid("first", "must be 1 to 1000")
        if query.after is not None:
            sent_at, number = query.after
            if not _MOMENT.fullmatch(sent_at):
                raise invalid("after[0]", "must be a moment YYYY-MM-DDThh:mm:ssZ")
            if not _ID.fullmatch(number):
                raise invalid("after[1]", "must be an id")
            condition += " AND a.sent_at <= :sent_at AND (a.sent_at < :sent_at OR a.message < :number)"
            values |= {"sent_at": sent_at, "number": int(number)}
        pages = self.pages(query.keys, query.first, condition, values)
        return _aligned([pages.get(key, EMPTY_PAGE) for key in query.keys], "address")

    def pages(
        self, keys: list[Correspondent], first: int, condition: str = "", values: Any = None
    ) -> dict[Correspondent, str]:
        """The JSON of each correspondent's page."""
        both = " UNION ALL ".join(_select("m.*", name, condition) for name in DATABASES)
        sql = (
            "SELECT k.key, (SELECT group_concat(r, char(30)) FROM"
            f" (SELECT {POSITION} || char(31) || {expression(FIELDS)} AS r FROM ({both}) t"
            " ORDER BY t.sent_at DESC, t.id DESC LIMIT :limit)) FROM json_each(:keys) k"
        )
        unique = list(dict.fromkeys(keys))
        given = (values or {}) | {"keys": _lowered(unique), "limit": first + 1}
        rows = self._database.execute(sql, given)
        return {
            unique[place]: positioned_page(records, first) for place, records in rows if records is not None
        }

    def get_by_id(self, request: Request) -> Answer:
        """Messages aligned to keys, null where there is none."""
        query = decode(_KEYS, request.body)
        keys = query.keys
        condition, values = _condition(keys, query.without_header)
        found: dict[str, str] = {}
        wanted = msgspec.json.encode([int(key) for key in keys if _ID.fullmatch(key)]).decode()
        for name in DATABASES:
            source = f"json_each(:keys) k CROSS JOIN {name}.message m ON m.id = k.value{condition}"
            sql = f"SELECT t.id, {expression(FIELDS)} FROM (SELECT m.* FROM {source}) t"
            rows = self._database.execute(sql, values | {"keys": wanted})
            found |= {str(number): record for number, record in rows}
        return _aligned([found.get(key, "null") for key in keys], "id")

    def count_by_address(self, request: Request) -> Answer:
        """The number of messages of each address."""
        query = decode(_COUNT, request.body)
        condition, values = _condition(query.keys, query.without_header)
        counts = " + ".join(f"({_select('count(*)', name, condition)})" for name in DATABASES)
        sql = f"SELECT {counts} FROM json_each(:keys) k ORDER BY k.key"
        rows = self._database.execute(sql, values | {"keys": _lowered(query.keys)})
        return _aligned([str(row[0]) for row in rows], "address")


def _select(what: str, name: str, condition: str) -> str:
    return (
        f"SELECT {what} FROM {name}.message_address a CROSS JOIN {name}.message m ON m.id = a.message"
        " WHERE a.address = k.value ->> 0 AND coalesce(m.client = k.value ->> 1, 1)"
        f"{condition}"
    )


def _condition(keys: Sequence[object], without_header: str | None) -> tuple[str, dict[str, Any]]:
    if len(keys) > MOST_KEYS:
        raise invalid("keys", "must hold at most 10000")
    if without_header is None:
        return "", {}
    if not _HEADER.fullmatch(without_header):
        raise invalid("withoutHeader", "must be the name of a header")
    path = f'$."{without_header.lower()}"'
    return " AND json_type(m.headers, :header) IS NULL", {"header": path}


def _lowered(keys: list[Correspondent]) -> str:
    return msgspec.json.encode([(key.address.lower(), key.client_number) for key in keys]).decode()


def _aligned(results: list[str], by: str) -> Answer:
    return Answer(f'{{"results":[{",".join(results)}]}}'.encode(), by=by, keys=len(results))
