"""Files that portal users uploaded: kept in a database of their own, over restarts, for a day or for good."""

import base64
import binascii
import hashlib
import re
import sqlite3
from datetime import date, timedelta
from email.message import Message
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from sandbox.clock import Clock
from sandbox.exchange import Refusal, Request, invalid

FILE_NAME = "uploads.sqlite"
LIFE = timedelta(days=1)
MOST_BYTES = 64 * 1024 * 1024
TABLE = """
CREATE TABLE IF NOT EXISTS upload (
    id TEXT PRIMARY KEY, client INTEGER NOT NULL, uploaded_by TEXT NOT NULL, file_name TEXT NOT NULL,
    mime_type TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, day TEXT NOT NULL,
    expires_at TEXT, content BLOB NOT NULL); -- expires_at is null where it is kept
CREATE INDEX IF NOT EXISTS upload_client ON upload (client, day);
"""
KEY = re.compile(r"U[0-9a-f]{32}", re.ASCII)
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):", re.ASCII)
_COLUMNS = "id, client, uploaded_by, file_name, mime_type, sha256, size, day, expires_at"
_THERE = "(expires_at IS NULL OR expires_at > ?)"


class Upload(NamedTuple):
    """An upload as it stands; `expires_at` is a moment, None where it is kept."""

    id: str
    client: int
    uploaded_by: str
    file_name: str
    mime_type: str
    sha256: str
    size: int
    day: str
    expires_at: str | None


class Uploads:
    """Stores, keeps and finds uploads; the table is attached to the ERP's connection as `uploads`."""

    def __init__(self, database: sqlite3.Connection, folder: Path, clock: Clock) -> None:
        """Open or make the database in `folder`."""
        path = folder / FILE_NAME
        own = sqlite3.connect(path)
        own.executescript(f"PRAGMA journal_mode = WAL;{TABLE}")
        own.close()
        database.execute("ATTACH DATABASE ? AS uploads", (str(path),))
        self._database = database
        self._clock = clock

    def put(self, key: str, request: Request) -> Upload:
        """Store a file under a new id; 412 where there is one."""
        if not KEY.fullmatch(key):
            raise invalid("id", "must be U and 32 hexadecimal digits")
        if request.headers.get("if-none-match") != "*":
            raise invalid("If-None-Match", "must be *: no document is ever replaced")
        client = self._client(request.headers.get("client-number", ""))
        sha256 = hashlib.sha256(request.body).hexdigest()
        if _digest(request.headers.get("content-digest", "")) != sha256:
            raise invalid("Content-Digest", "must be the SHA-256 of the body")
        named = Message()
        named["Content-Disposition"] = request.headers.get("content-disposition", "")
        file_name = named.get_filename() or ""
        uploaded_by = unquote(request.headers.get("uploaded-by", ""))
        if not file_name or not uploaded_by:
            raise invalid("Content-Disposition", "and Uploaded-By must name the file and the user")
        upload = Upload(
            key, client, uploaded_by, file_name,
            request.headers.get("content-type", "application/octet-stream"), sha256, len(request.body),
            self._clock.today, self._expiry(),
        )  # fmt: skip
        database = self._database
        database.execute("DELETE FROM uploads.upload WHERE expires_at <= ?", (self._clock.moment(),))
        created = database.execute(
            f"INSERT INTO uploads.upload ({_COLUMNS}, content) VALUES ({','.join('?' * 10)})"
            " ON CONFLICT (id) DO NOTHING RETURNING id",
            (*upload, request.body),
        ).fetchone()
        if created is None:
            raise Refusal(412, "EXISTS", "id: there is a document with this id")
        return upload

    def keep(self, client_number: str, keys: list[str]) -> None:
        """Keep those of the client for good."""
        client = self._client(client_number)
        self._database.executemany(
            f"UPDATE uploads.upload SET expires_at = NULL WHERE id = ? AND client = ? AND {_THERE}",
            [(key, client, self._clock.moment()) for key in keys],
        )

    def find(self, keys: list[str]) -> dict[str, Upload]:
        """Those that are there, by id."""
        found = {}
        for key in filter(KEY.fullmatch, keys):
            row = self._database.execute(
                f"SELECT {_COLUMNS} FROM uploads.upload WHERE id = ? AND {_THERE}",
                (key, self._clock.moment()),
            ).fetchone()
            if row is not None:
                found[key] = Upload(*row)
        return found

    def content(self, key: str) -> bytes:
        """The bytes of an upload that was found."""
        row = self._database.execute("SELECT content FROM uploads.upload WHERE id = ?", (key,)).fetchone()
        return bytes(row[0])

    def _client(self, number: str) -> int:
        found = None
        if number.isascii() and number.isdigit() and len(number) == 7:
            found = self._database.execute("SELECT id FROM client WHERE id = ?", (int(number),)).fetchone()
        if found is None:
            raise invalid("Client-Number", "is not a client")
        return int(found[0])

    def _expiry(self) -> str:
        moment = self._clock.moment()
        return f"{date.fromisoformat(moment[:10]) + LIFE}{moment[10:]}"


def _digest(told: str) -> str | None:
    """The hash of RFC 9530's header, in hex."""
    match = _DIGEST.fullmatch(told)
    try:
        return base64.b64decode(match[1], validate=True).hex() if match else None
    except binascii.Error:
        return None
