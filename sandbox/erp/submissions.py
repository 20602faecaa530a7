"""Submitting a request, once for each idempotency key."""

import hashlib
import re
import sqlite3
from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from sandbox.clock import Clock
from sandbox.data.contracts import money
from sandbox.data.requests import EVENT, fee_json, request_number
from sandbox.erp.changes import record_change
from sandbox.erp.collection import BY_ID, row_of
from sandbox.erp.reads import Reader
from sandbox.erp.request_collections import REQUESTS
from sandbox.exchange import Answer, Refusal, Request, decode, invalid

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)


class Submission(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body of a submission."""

    client_number: str
    kind: str
    submitted_by: str
    details: dict[str, Any]
    contract_number: str | None = None
    channel: Literal["PORTAL", "BRANCH"] = "PORTAL"
    accepted_fee: str | None = None  # gross, in PLN; checked where it is given
    attachment_ids: list[str] = []  # the document store's; which it was told to keep


_SUBMISSION = msgspec.json.Decoder(Submission)


def submit(database: sqlite3.Connection, clock: Clock, reader: Reader, request: Request) -> Answer:
    """201 and the new record; 200 for the same key and body again; 409 for the same key with another body."""
    key = idempotency_key(request)
    submission = decode(_SUBMISSION, request.body)
    client = known_client(database, submission.client_number)
    contract = known_contract(database, client, submission.contract_number)
    if not _CODE.fullmatch(submission.kind):
        raise invalid("kind", "must be a code like POLICY_DUPLICATE")
    if not 1 <= len(submission.submitted_by) <= 200:
        raise invalid("submittedBy", "must hold 1 to 200 characters")
    body_hash = digest(submission)
    details = msgspec.json.encode(submission.details).decode()
    moment = clock.moment()
    database.execute("BEGIN IMMEDIATE")
    try:
        created = database.execute(
            "INSERT INTO request (number, client, kind, contract, status, submitted_by, submitted_at,"
            " details, idempotency_key, body_hash, attachments)"
            " VALUES ('', ?, ?, ?, 'SUBMITTED', ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (idempotency_key) DO NOTHING RETURNING id",
            (
                client,
                submission.kind,
                contract,
                submission.submitted_by,
                moment,
                details,
                key,
                body_hash,
                msgspec.json.encode(submission.attachment_ids).decode(),
            ),
        ).fetchone()
        if created is not None:
            number = created[0]
            fee, sla_due_at = _terms(database, submission, moment)
            database.execute(
                "UPDATE request SET number = ?, fee = ?, sla_due_at = ? WHERE id = ?",
                (request_number(number, moment[:4]), fee, sla_due_at, number),
            )
            database.execute(EVENT, (number, "SUBMITTED", moment, submission.submitted_by, None))
            record_change(database, clock, "requests", str(number), client)
        else:
            number, known_hash = database.execute(
                "SELECT id, body_hash FROM request WHERE idempotency_key = ?", (key,)
            ).fetchone()
            if known_hash != body_hash:
                raise Refusal(409, "IDEMPOTENCY_CONFLICT", "Idempotency-Key: was used with another body")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise
    record = reader.records(REQUESTS, BY_ID, [str(number)])[str(number)]
    return Answer(record.encode(), 200 if created is None else 201)


def _terms(
    database: sqlite3.Connection, submission: Submission, moment: str
) -> tuple[str | None, str | None]:
    """Fee and due moment of a request made now; a kind without a fee has neither."""
    row = database.execute(
        "SELECT net, vat_rate, charged_when, sla_days FROM request_fee WHERE kind = ? AND channel = ?",
        (submission.kind, submission.channel),
    ).fetchone()
    if row is None:
        return None, None
    net, vat_rate, charged_when, days = row
    accepted = submission.accepted_fee
    gross = money(net + (net * vat_rate + 5_000) // 10_000)
    if accepted is not None and accepted != gross:
        raise Refusal(409, "FEE_CHANGED", f"acceptedFee: the fee is {gross}")
    due = date.fromisoformat(moment[:10]) + timedelta(days=days)
    fee = fee_json(net, vat_rate, charged_when, None if accepted is None else moment)
    return fee, f"{due.isoformat()}{moment[10:]}"


def idempotency_key(request: Request) -> str:
    """The key of a write that is made once, or a refusal."""
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise invalid("Idempotency-Key", "must be 8 to 64 of A-Z a-z 0-9 -")
    return key


def digest(body: msgspec.Struct) -> str:
    """The same for equal bodies; the order of their fields is no difference."""
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def known_client(database: sqlite3.Connection, number: str) -> int:
    """The client's row id, or a refusal."""
    found = None
    if len(number) == 7 and number.isascii() and number.isdigit():
        found = database.execute("SELECT id FROM client WHERE id = ?", (int(number),)).fetchone()
    if found is None:
        raise invalid("clientNumber", "is not a client")
    return int(found[0])


def known_contract(database: sqlite3.Connection, client: int, number: str | None) -> int | None:
    """The row id of one of the client's contracts, or a refusal."""
    if number is None:
        return None
    found = database.execute(
        f"SELECT id FROM contract WHERE id = {row_of('?1')} AND number = ?1 AND client = ?2",
        (number, client),
    ).fetchone()
    if found is None:
        raise invalid("contractNumber", "is not a contract of the client")
    return int(found[0])
