"""Insurance policies of running contracts: one year each, from the contract's own day."""

import sqlite3
from datetime import date
from random import Random

from sandbox.data.calendar import iso
from sandbox.data.names import encode

INSURERS = ("TU Przykład S.A.", "Polisa Wzorcowa S.A.")
EUROPE = [
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
]  # fmt: skip
CONTRACTS = """
SELECT id, client, currency, asset_value, starts_on, ends_on, assets LIKE '%"VEHICLE"%' FROM contract
WHERE status = 'ACTIVE' AND kind <> 'LOAN' ORDER BY id
"""


def policy_id(contract: int, place: int) -> int:
    """The row id of a contract's policy."""
    return contract * 10 + place


def write_policies(database: sqlite3.Connection, random: Random, today: int) -> None:
    """Liability and own damage for a vehicle, property cover for equipment; who has a loan insures it."""
    rows = []
    for contract, client, currency, value, starts_on, ends_on, vehicle in database.execute(CONTRACTS):
        start = date.fromisoformat(starts_on)
        day = date.fromordinal(today)
        year = day.year - ((day.month, day.day) < (start.month, min(start.day, 28)))
        valid_from = max(start, date(year, start.month, min(start.day, 28)))
        valid_to = min(
            date.fromisoformat(ends_on), date.fromordinal(valid_from.replace(year=year + 1).toordinal() - 1)
        )
        insurer = random.choice(INSURERS)
        kinds = ("MOTOR_LIABILITY", "MOTOR_OWN_DAMAGE") if vehicle else ("PROPERTY",)
        for place, kind in enumerate(kinds, 1):
            key = policy_id(contract, place)
            insured = 5_210_000_00 if kind == "MOTOR_LIABILITY" else value
            premium = max(600_00, value * random.randint(15, 40) // 1_000)
            territory = EUROPE if vehicle else ["PL"]
            rows.append(
                (key, f"POL/{valid_from.year}{key:08d}", client, contract, insurer, kind,
                 iso(valid_from.toordinal()), iso(valid_to.toordinal()), insured, currency, premium,
                 encode(territory))
            )  # fmt: skip
    database.executemany(f"INSERT INTO policy VALUES ({','.join('?' * 12)})", rows)
