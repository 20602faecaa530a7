"""Messages that came in by SMTP, kept over restarts in a database of their own."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sandbox.data.names import encode
from sandbox.data.schema import MESSAGE_TABLES
from sandbox.mail.mime import Parsed

FILE_NAME = "mail.sqlite"
FIRST_ID = 1_000_000_001  # behind every generated letter


class Received(NamedTuple):
    """A message as the mailbox shows it to one of its recipients."""

    id: int
    to: str
    sender: str
    subject: str
    text: str
    html: str | None
    received_at: str


class Mailbox:
    """Stores and lists messages; its tables are attached to the ERP's connection as `mailbox`."""

    def __init__(self, database: sqlite3.Connection, folder: Path) -> None:
        """Open or make the mail database in `folder`."""
        path = folder / FILE_NAME
        own = sqlite3.connect(path)
        own.executescript(f"PRAGMA journal_mode = WAL;{MESSAGE_TABLES}")
        own.close()
        database.execute("ATTACH DATABASE ? AS mailbox", (str(path),))
        self._database = database

    def store(self, sender: str, recipients: Sequence[str], parsed: Parsed) -> int:
        """Keep a message, as its envelope addressed it; returns its id."""
        sender = sender.lower()
        addresses = list(dict.fromkeys(address.lower() for address in recipients))
        received_at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
        database = self._database
        known = database.execute("SELECT 1 FROM account WHERE email = ? LIMIT 1", (sender,)).fetchone()
        database.execute("BEGIN IMMEDIATE")
        try:
            number = int(
                database.execute(
                    "INSERT INTO mailbox.message"
                    " SELECT max(coalesce(max(id), 0) + 1, ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
                    " FROM mailbox.message RETURNING id",
                    (
                        FIRST_ID, parsed.headers.get("client-number"), "INBOUND" if known else "OUTBOUND",
                        parsed.subject, received_at, sender, ", ".join(addresses), parsed.text, parsed.html,
                        encode(parsed.attachments), encode(parsed.headers),
                    ),
                ).fetchone()[0]
            )  # fmt: skip
            rows = [(address, received_at, number, 1) for address in addresses]
            if sender and sender not in addresses:
                rows.append((sender, received_at, number, 0))
            database.executemany("INSERT INTO mailbox.message_address VALUES (?, ?, ?, ?)", rows)
            database.execute("COMMIT")
        except BaseException:
            database.execute("ROLLBACK")
            raise
        return number

    def received(self, to: str | None, limit: int, number: int | None = None) -> list[Received]:
        """Newest first, one row a recipient; of one address or one message where given."""
        conditions: list[str] = ["a.recipient = 1"]
        values: list[Any] = []
        if to is not None:
            # A plus sign that nobody escaped in a URL has become a space.
            conditions.append("a.address = ?")
            values.append(to.strip().replace(" ", "+").lower())
        if number is not None:
            conditions.append("m.id = ?")
            values.append(number)
        rows = self._database.execute(
            "SELECT m.id, a.address, m.sender, m.subject, m.body, m.html, m.sent_at FROM mailbox.message m"
            f" JOIN mailbox.message_address a ON a.message = m.id AND a.sent_at = m.sent_at"
            f" WHERE {' AND '.join(conditions)} ORDER BY m.id DESC, a.address LIMIT ?",
            (*values, limit),
        )
        return [Received(*row) for row in rows]
