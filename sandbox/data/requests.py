"""Requests that clients made before today, and what requests cost."""

import sqlite3
from random import Random

from sandbox.data.annuity import vat_of
from sandbox.data.calendar import iso
from sandbox.data.clients import client_number
from sandbox.data.contracts import money
from sandbox.data.names import encode
from sandbox.data.request_kind import About, RequestKind
from sandbox.data.request_kinds import KINDS

STATUSES = ("SUBMITTED", "NEEDS_INFO", "IN_REVIEW", "OFFER_READY", "COMPLETED", "REJECTED")
VAT_RATE = 2_300
OFFICE = "back office"
CONTRACTS = """
SELECT c.client, c.id, c.number, p.number
FROM contract c
LEFT JOIN (SELECT contract, number, min(id) FROM policy GROUP BY contract) p ON p.contract = c.id
WHERE c.id IN (SELECT min(id) FROM contract GROUP BY client) ORDER BY c.client
"""
EVENT = "INSERT INTO request_event (request, status, at, actor, note) VALUES (?, ?, ?, ?, ?)"


def request_number(number: int, year: str) -> str:
    """The number a client quotes."""
    return f"WN/{year}/{number:06d}"


def fee_json(net: int, vat_rate: int, charged_when: str, accepted_at: str | None) -> str:
    """A fee as the record shows it; fees are in PLN."""
    vat = vat_of(net, vat_rate) if net else 0
    return encode(
        {
            "net": money(net), "vat": money(vat), "gross": money(net + vat), "currency": "PLN",
            "chargedWhen": charged_when, "acceptedAt": accepted_at,
        }
    )  # fmt: skip


def write_fees(database: sqlite3.Connection) -> None:
    """What each kind costs by each channel."""
    rows = [
        (kind.code, channel, kind.about, net, VAT_RATE, kind.charged_when, kind.sla_days, kind.offers,
         kind.needs_policy, kind.needs_vehicle, encode(kind.terms))
        for kind in KINDS for channel, net in kind.fees.items()
    ]  # fmt: skip
    database.executemany(f"INSERT INTO request_fee VALUES ({','.join('?' * 11)})", rows)


def write_requests(database: sqlite3.Connection, random: Random, today: int, named: range) -> None:
    """Two requests for every named client with a contract, and some for a tenth of the others."""
    write_fees(database)
    number = 0
    for client, contract, *numbers in database.execute(CONTRACTS).fetchall():
        about = About(*numbers)
        for _ in range(2 if client in named else int(random.random() < 0.1)):
            number += 1
            kind = random.choice(KINDS)
            day = today - random.randint(1, 120)
            time = f"T{random.randint(7, 16):02d}:{random.randint(0, 59):02d}:00.000000Z"
            status = random.choice(STATUSES)
            if status == "OFFER_READY" and not kind.offers:
                status = "IN_REVIEW"
            _write(database, number, kind, client, contract, about, status, day, time, today)


def _write(
    database: sqlite3.Connection,
    number: int,
    kind: RequestKind,
    client: int,
    contract: int,
    about: About,
    status: str,
    day: int,
    time: str,
    today: int,
) -> None:
    moment, login = f"{iso(day)}{time}", client_number(client)
    row = (
        number, request_number(number, iso(day)[:4]), client, kind.code,
        contract if kind.about == "CONTRACT" else None, status, login, moment,
        encode(kind.example(about)), fee_json(kind.fees["PORTAL"], VAT_RATE, kind.charged_when, moment),
        f"{iso(day + kind.sla_days)}{time}", iso(today + 14) if status == "OFFER_READY" else None, None, None,
        "[]",
    )  # fmt: skip
    database.execute(f"INSERT INTO request VALUES ({','.join('?' * 15)})", row)
    database.execute(EVENT, (number, "SUBMITTED", moment, login, None))
    if status != "SUBMITTED":
        later = f"{iso(min(day + 1, today))}{time}"
        database.execute(EVENT, (number, status, later, OFFICE, None))
