"""Account writes of the portal: a user added to a client, given another role, taken from the client."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sandbox.clock import Clock
from sandbox.data.names import encode
from sandbox.erp.accounts import EMAIL, Role
from sandbox.erp.changes import record_change
from sandbox.erp.portal_collections import ACCOUNTS
from sandbox.erp.reads import Reader
from sandbox.erp.submissions import digest, idempotency_key, known_client
from sandbox.exchange import Answer, Refusal, Request, decode, invalid

_PATH = re.compile(r"/v1/accounts/([0-9]{1,20})/(role|remove)", re.ASCII)
Name = Annotated[str, Meta(min_length=1, max_length=60)]


class NewAccount(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body that adds a user; `by` is the login of who invites."""

    client_number: str
    email: str
    first_name: Name
    surname: Name
    role: Role
    language: Literal["pl", "en"]
    by: str


class RoleChange(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body that gives a user of the client another role."""

    client_number: str
    role: Role
    by: str


class Removal(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body that takes a user from the client."""

    client_number: str
    by: str


_NEW = msgspec.json.Decoder(NewAccount)
_ROLE = msgspec.json.Decoder(RoleChange)
_REMOVAL = msgspec.json.Decoder(Removal)


class AccountWrites:
    """Handlers that write accounts. Each decides within its transaction, so that two at once agree."""

    def __init__(self, database: sqlite3.Connection, clock: Clock, reader: Reader) -> None:
        """Writes to `database`, dated by the clock."""
        self._database, self._clock, self._reader = database, clock, reader

    def add(self, request: Request) -> Answer:
        """201 and the new account; 200 for the same key and body again; 409 otherwise."""
        key = idempotency_key(request)
        given = decode(_NEW, request.body)
        client = known_client(self._database, given.client_number)
        if not EMAIL.fullmatch(given.email):
            raise invalid("email", "must be an address")
        with self._transaction():
            known = self._database.execute(
                "SELECT body_hash, login FROM account_key WHERE key = ?", (key,)
            ).fetchone()
            if known is None:
                login = self._insert(given, client, key)
            elif known[0] == digest(given):
                login = known[1]
            else:
                raise Refusal(409, "IDEMPOTENCY_CONFLICT", "Idempotency-Key: was used with another body")
        return self._record(login, 201 if known is None else 200, gone="IDEMPOTENCY_CONFLICT")

    def change(self, request: Request) -> Answer:
        """A role (200, the account) or a removal (204): the same also when it was so already."""
        match = _PATH.fullmatch(request.path)
        if match is None:
            raise Refusal(404, "NOT_FOUND", "there is no such path")
        if match[2] == "remove":
            self._remove(match[1], decode(_REMOVAL, request.body))
            return Answer(b"", 204)
        self._change_role(match[1], decode(_ROLE, request.body))
        return self._record(match[1])

    def _insert(self, given: NewAccount, client: int, key: str) -> str:
        self._check_owner(given.by, [given.client_number])
        users = "SELECT a.login FROM account_client u JOIN account a ON a.login = u.login WHERE u.client = ?"
        twin = f"{users} AND casefold(a.email) = casefold(?)"
        if self._database.execute(twin, (client, given.email)).fetchone():
            raise Refusal(409, "ALREADY_A_USER", "email: a user of the client has this address")
        (company,) = self._database.execute("SELECT name FROM client WHERE id = ?", (client,)).fetchone()
        # One behind the last that ever was: the login of who left is nobody else's.
        (last,) = self._database.execute(
            "SELECT max(CAST(substr(login, 8) AS INTEGER)) FROM account"
            " WHERE login BETWEEN ?1 || '0' AND ?1 || '9999'",
            (given.client_number,),
        ).fetchone()
        login = f"{given.client_number}{(last or 0) + 1:02d}"
        self._database.execute(
            "INSERT INTO account VALUES (?,?,?,?,?,?,?,?,?)",
            (
                login, given.email, given.first_name, given.surname, f"{given.first_name} {given.surname}",
                company, encode([given.client_number]), given.role, given.language,
            ),
        )  # fmt: skip
        self._database.execute("INSERT INTO account_key VALUES (?, ?, ?)", (key, digest(given), login))
        record_change(self._database, self._clock, "accounts", login, client)
        return login

    def _change_role(self, login: str, given: RoleChange) -> None:
        client = known_client(self._database, given.client_number)
        with self._transaction():
            clients, role = self._account(login)
            if given.client_number not in clients:
                raise Refusal(404, "NOT_FOUND", "login: there is no such user of the client")
            self._check_owner(given.by, clients)  # the role is one for all clients of the account
            if role == given.role:
                return
            if role == "OWNER":
                for number in clients:
                    self._check_other_owner(login, number)
            self._database.execute("UPDATE account SET role = ? WHERE login = ?", (given.role, login))
            record_change(self._database, self._clock, "accounts", login, client)

    def _remove(self, login: str, given: Removal) -> None:
        client = known_client(self._database, given.client_number)
        with self._transaction():
            clients, role = self._account(login)
            if given.client_number not in clients:
                return
            self._check_owner(given.by, [given.client_number])
            if role == "OWNER":
                self._check_other_owner(login, given.client_number)
            left = encode([number for number in clients if number != given.client_number])
            self._database.execute("UPDATE account SET client_numbers = ? WHERE login = ?", (left, login))
            record_change(self._database, self._clock, "accounts", login, client)

    def _account(self, login: str) -> tuple[list[str], str]:
        row = self._database.execute(
            "SELECT client_numbers, role FROM account WHERE login = ?", (login,)
        ).fetchone()
        if row is None:
            raise Refusal(404, "NOT_FOUND", "login: there is no such account")
        return msgspec.json.decode(row[0], type=list[str]), row[1]

    def _check_owner(self, login: str, clients: list[str]) -> None:
        row = self._database.execute(
            "SELECT client_numbers, role FROM account WHERE login = ?", (login,)
        ).fetchone()
        if row is None or row[1] != "OWNER" or not set(clients) <= set(msgspec.json.decode(row[0])):
            raise Refusal(409, "NOT_AN_OWNER", "by: must be an OWNER of every client concerned")

    def _check_other_owner(self, login: str, number: str) -> None:
        other = self._database.execute(
            "SELECT 1 FROM account_client u JOIN account a ON a.login = u.login"
            " WHERE u.client = ? AND a.role = 'OWNER' AND a.login <> ?",
            (int(number), login),
        ).fetchone()
        if other is None:
            raise Refusal(409, "LAST_OWNER", f"login: client {number} would have no OWNER")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _record(self, login: str, status: int = 200, gone: str = "NOT_FOUND") -> Answer:
        found = self._reader.records(ACCOUNTS, ACCOUNTS.get_by["login"], [login])
        if login not in found:
            raise Refusal(409, gone, "login: the account is no longer active")
        return Answer(found[login].encode(), status)
