"""Changing portal accounts while the sandbox runs."""

import re
import sqlite3
from typing import Literal

import msgspec

from sandbox.clock import Clock
from sandbox.data.names import encode
from sandbox.erp.changes import record_change
from sandbox.erp.portal_collections import ACCOUNTS
from sandbox.erp.reads import Reader
from sandbox.erp.submissions import known_client
from sandbox.exchange import Answer, Refusal, Request, decode, invalid

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
Role = Literal["OWNER", "ACCOUNTANT", "FLEET", "READ_ONLY"]
COLUMNS = (
    "email",
    "first_name",
    "surname",
    "display_name",
    "company_name",
    "client_numbers",
    "role",
    "language",
)


class AccountChange(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What is to be changed; the rest stays."""

    email: str | None = None
    first_name: str | None = None
    surname: str | None = None
    display_name: str | None = None
    company_name: str | None = None
    client_numbers: list[str] | None = None
    role: Role | None = None
    language: Literal["pl", "en"] | None = None


_CHANGE = msgspec.json.Decoder(AccountChange)


def change_account(database: sqlite3.Connection, clock: Clock, reader: Reader, request: Request) -> Answer:
    """Update an account and return it; a new name changes the display name too unless that is given.

    Without clients it is deactivated: null, and not found any more.
    """
    login = request.path.rpartition("/")[2]
    given = decode(_CHANGE, request.body)
    known = database.execute("SELECT first_name, surname FROM account WHERE login = ?", (login,)).fetchone()
    if known is None:
        raise Refusal(404, "NOT_FOUND", "login: there is no such account")
    if given.email is not None and not EMAIL.fullmatch(given.email):
        raise invalid("email", "must be an address")
    for number in given.client_numbers or ():
        known_client(database, number)
    if given.display_name is None and (given.first_name or given.surname):
        given.display_name = f"{given.first_name or known[0]} {given.surname or known[1]}"
    values = {name: getattr(given, name) for name in COLUMNS if getattr(given, name) is not None}
    if "client_numbers" in values:
        values["client_numbers"] = encode(values["client_numbers"])
    if values:
        assignments = ", ".join(f"{name} = ?" for name in values)
        database.execute("BEGIN IMMEDIATE")
        database.execute(f"UPDATE account SET {assignments} WHERE login = ?", (*values.values(), login))
        client = int(login) if login.isascii() and login.isdigit() else None
        record_change(database, clock, "accounts", login, client)
        database.execute("COMMIT")
    return Answer(reader.records(ACCOUNTS, ACCOUNTS.get_by["login"], [login]).get(login, "null").encode())
