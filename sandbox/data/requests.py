"""Requests that clients made before today."""

import sqlite3
from random import Random

from sandbox.data.calendar import iso
from sandbox.data.clients import client_number
from sandbox.data.names import encode

DETAILS: dict[str, dict[str, object]] = {
    "COOPERATION_OPINION": {
        "purpose": "kredyt obrotowy",
        "addressee": "Bank Przykładowy S.A.",
        "language": "PL",
    },
    "EARLY_TERMINATION_OFFER": {"mode": "BUY_OUT", "terminationDate": "2027-01-31"},
    "POLICY_DUPLICATE": {"delivery": "EMAIL"},
    "TRAVEL_AUTHORISATION": {"countries": ["DE", "CZ"], "drivers": ["Łukasz Żak"], "language": "EN"},
    "SCHEDULE_CHANGE_OFFER": {"change": "CHANGE_DUE_DAY", "dueDay": 20, "reason": "Termin wpływu należności"},
    "REGISTERED_SEAT_CHANGE": {"street": "Źródlana", "building": "4", "postalCode": "90-001", "city": "Łódź"},
}
STATUSES = ("SUBMITTED", "NEEDS_INFO", "IN_REVIEW", "OFFER_READY", "COMPLETED", "REJECTED")


def request_number(number: int, year: str) -> str:
    """The number a client quotes."""
    return f"WN/{year}/{number:06d}"


def write_requests(database: sqlite3.Connection, random: Random, today: int, named: range) -> None:
    """Two requests for every named client with a contract, and some for a tenth of the others."""
    number = 0
    kinds = tuple(DETAILS)
    rows = []
    query = "SELECT client, min(id) FROM contract GROUP BY client ORDER BY client"
    for client, contract in database.execute(query):
        for _ in range(2 if client in named else int(random.random() < 0.1)):
            number += 1
            kind = random.choice(kinds)
            day = iso(today - random.randint(1, 120))
            moment = f"{day}T{random.randint(7, 16):02d}:{random.randint(0, 59):02d}:00.000000Z"
            rows.append(
                (number, request_number(number, day[:4]), client, kind,
                None if kind == "REGISTERED_SEAT_CHANGE" else contract,
                 random.choice(STATUSES), client_number(client), moment, encode(DETAILS[kind]), None, None)
            )  # fmt: skip
    database.executemany(f"INSERT INTO request VALUES ({','.join('?' * 11)})", rows)
