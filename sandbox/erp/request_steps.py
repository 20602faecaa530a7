"""What happens to a request after its submission: cancelled, its offer accepted, moved on by the office."""

import re
import sqlite3
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sandbox.clock import Clock
from sandbox.data.requests import EVENT, OFFICE
from sandbox.erp.changes import record_change
from sandbox.erp.collection import BY_ID
from sandbox.erp.reads import Reader, valid_day
from sandbox.erp.records import RequestStatus
from sandbox.erp.request_collections import REQUESTS
from sandbox.erp.submissions import known_client
from sandbox.exchange import Answer, Refusal, Request, decode, invalid

CANCELLABLE = ("DRAFT", "SUBMITTED", "NEEDS_INFO", "IN_REVIEW", "OFFER_READY")
_STEP_PATH = re.compile(r"/v1/requests/([1-9][0-9]{0,17})/(cancel|accept)", re.ASCII)
Step = Literal["cancel", "accept"]


class StepBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """Whose request it is, and the portal user who acts."""

    client_number: str
    by: Annotated[str, Meta(min_length=1, max_length=200)]


class Move(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body that moves a request on; `validUntil` is for an offer."""

    status: RequestStatus
    note: str | None = None
    valid_until: str | None = None


_STEP = msgspec.json.Decoder(StepBody)
_MOVE = msgspec.json.Decoder(Move)


class RequestSteps:
    """Handlers that change a request's status."""

    def __init__(self, database: sqlite3.Connection, clock: Clock, reader: Reader) -> None:
        """Writes to `database`, dated by the clock."""
        self._database, self._clock, self._reader = database, clock, reader

    def take(self, request: Request) -> Answer:
        """Cancel or accept; the same step again answers as the first time, another state is a 409."""
        match = _STEP_PATH.fullmatch(request.path)
        if match is None:
            raise Refusal(404, "NOT_FOUND", "there is no such path")
        body = decode(_STEP, request.body)
        client = known_client(self._database, body.client_number)
        key = int(match[1])
        row = self._database.execute(
            "SELECT status, valid_until FROM request WHERE id = ? AND client = ?", (key, client)
        ).fetchone()
        if row is None:
            raise Refusal(404, "NOT_FOUND", "id: there is no such request of the client")
        status, valid_until = row
        new = "CANCELLED" if match[2] == "cancel" else "ACCEPTED"
        if status != new:
            self._check(new, status, valid_until)
            self._move(key, client, new, body.by, None, valid_until)
        return self._record(key)

    def move(self, request: Request) -> Answer:
        """The switch for tests: any status, by the office."""
        key = request.path.rpartition("/")[2]
        given = decode(_MOVE, request.body)
        found = self._database.execute("SELECT id, client FROM request WHERE id = ?", (key,)).fetchone()
        if found is None:
            raise Refusal(404, "NOT_FOUND", "id: there is no such request")
        if given.valid_until is not None and not valid_day(given.valid_until):
            raise invalid("validUntil", "must be a date YYYY-MM-DD")
        self._move(found[0], found[1], given.status, OFFICE, given.note, given.valid_until)
        return self._record(found[0])

    def _check(self, new: str, status: str, valid_until: str | None) -> None:
        if new == "CANCELLED" and status not in CANCELLABLE:
            raise Refusal(409, "STATUS_NOT_ALLOWED", f"status: a request in {status} can't be cancelled")
        if new == "ACCEPTED" and status != "OFFER_READY":
            raise Refusal(409, "STATUS_NOT_ALLOWED", f"status: a request in {status} has no offer to accept")
        if new == "ACCEPTED" and valid_until is not None and valid_until < self._clock.today:
            raise Refusal(409, "OFFER_EXPIRED", f"validUntil: the offer was good until {valid_until}")

    def _move(
        self, key: int, client: int, status: str, actor: str, note: str | None, valid_until: str | None
    ) -> None:
        database, moment = self._database, self._clock.moment()
        database.execute("BEGIN IMMEDIATE")
        database.execute(
            "UPDATE request SET status = ?, valid_until = ? WHERE id = ?", (status, valid_until, key)
        )
        database.execute(EVENT, (key, status, moment, actor, note))
        record_change(database, self._clock, "requests", str(key), client)
        database.execute("COMMIT")

    def _record(self, key: int) -> Answer:
        return Answer(self._reader.records(REQUESTS, BY_ID, [str(key)])[str(key)].encode())
