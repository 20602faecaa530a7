"""What an invoice's record says beside its figures, derived from its row `t`."""

import sqlite3
from typing import Any

from sandbox.data.identifiers import LESSOR_NAME, LESSOR_NIP
from sandbox.documents.contents import Facts, measure
from sandbox.documents.facts import INVOICE_COLUMNS
from sandbox.erp.rendering import (
    Piece,
    boolean,
    escaped,
    integer,
    money,
    optional,
    signed_money,
    structure,
    text,
)
from sandbox.erp.virtual_accounts import nrb

SPLIT_PAYMENT_OVER = 15_000_00  # art. 108a of the VAT Act; gross, in grosze
_CLIENT = "FROM client c WHERE c.id = t.client"

VAT_RATE: Piece = optional("coalesce(t.vat_rate, 0) <> 0", money("t.vat_rate"))
_sum = structure(
    rate=VAT_RATE, net=signed_money("t.net"), vat=signed_money("t.vat"), gross=signed_money("t.gross")
)
VAT_SUMMARY: Piece = Piece(f"[{_sum.template}]", _sum.arguments)

_LATE = "julianday(:today) - julianday(t.due_date)"


def _by_level(first: object, second: object, third: object) -> str:
    return f"(CASE WHEN {_LATE} >= 60 THEN {third} WHEN {_LATE} >= 30 THEN {second} ELSE {first} END)"


DUNNING: Piece = optional(
    "t.in_dunning",
    structure(
        level=integer(_by_level(1, 2, 3)),
        sentOn=text(f"min(:today, date(t.due_date, {_by_level(14, 30, 60)} || ' days'))"),
        fee=money(_by_level(0, 25_00, 60_00)),
    ),
)

KSEF: Piece = optional(
    "t.ksef_number IS NOT NULL",
    structure(
        number=text("t.ksef_number"),
        mode=text("iif(t.id % 50 = 0, 'OFFLINE24', 'ONLINE')"),
        acceptedAt=text("format('%sT%d:%02d:00Z', t.issue_date, iif(t.id % 50 = 0, 11, 10), t.id % 60)"),
        xmlSha256=text(f"(SELECT ksef_xml_sha256({INVOICE_COLUMNS}) {_CLIENT})"),
        sellerNip=text(f"'{LESSOR_NIP}'"),
    ),
)

TRANSFER: Piece = optional(
    "t.kind <> 'CORRECTION' AND t.state <> 'CANCELLED'",
    structure(
        account=text(nrb("t.client", "t.currency")),
        recipient=escaped(f"'{LESSOR_NAME}'"),
        recipientNip=text(f"'{LESSOR_NIP}'"),
        title=text("t.number"),
        splitPayment=boolean(f"t.gross > {SPLIT_PAYMENT_OVER} AND t.currency = 'PLN' AND t.vat > 0"),
        activeVatPayers=boolean(f"(SELECT c.nip IS NOT NULL {_CLIENT})"),
    ),
)


def add_functions(database: sqlite3.Connection) -> None:
    """What SQLite can't do by itself: the hash of an invoice's XML."""

    def ksef_xml_sha256(*columns: Any) -> str:
        return measure(Facts("X", *columns)).sha256

    database.create_function("ksef_xml_sha256", len(Facts._fields) - 1, ksef_xml_sha256, deterministic=True)
