"""Contracts with their assets and schedules."""

import sqlite3
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox.data.annuity import Regular, amortise, vat_of
from sandbox.data.calendar import day_in, iso
from sandbox.data.identifiers import new_plate, new_vin
from sandbox.data.names import EQUIPMENT, VEHICLES, encode

PREFIXES = {"OPERATING_LEASE": "LO", "FINANCE_LEASE": "LF", "LOAN": "PO", "RENTAL": "NA"}
INDEXES = {"PLN": "WIBOR 3M", "EUR": "EURIBOR 3M"}
RESET_MONTHS = {"MONTHLY": 1, "QUARTERLY": 3, "SEMI_ANNUAL": 6}


@dataclass(slots=True)
class Contract:
    """A contract to be written; money in minor units, rates in basis points, months since year 0."""

    client: int
    value: int
    term: int
    month: int
    day: int
    kind: str = "OPERATING_LEASE"
    currency: str = "PLN"
    initial_percent: int = 10
    residual: int = 100_000
    rates: tuple[tuple[int, int], ...] = ((1, 720),)
    margin: int | None = None
    reset: str = "QUARTERLY"
    spread: int | None = None
    status: str = "ACTIVE"
    reasons: tuple[str, ...] = ()
    id: int = 0

    @property
    def initial_fee(self) -> int:
        """The initial fee, net."""
        return self.value * self.initial_percent // 100

    @property
    def vat_rate(self) -> int:
        """Loans are exempt."""
        return 0 if self.kind == "LOAN" else 2_300

    def due(self, number: int) -> int:
        """The ordinal day on which an instalment falls due."""
        return day_in(self.month + number, self.day)


class ContractWriter:
    """Gives ids and writes contracts and schedules."""

    def __init__(self, database: sqlite3.Connection, random: Random, today: int) -> None:
        """Writes as seen on the ordinal day `today`."""
        self._database = database
        self._random = random
        self._today = today
        self.count = 0

    def write(self, contract: Contract) -> list[Regular]:
        """Store a contract with every version of its schedule; returns the instalments in force."""
        self.count = contract.id = self.count + 1
        versions = self._schedules(contract)
        self._database.execute(f"INSERT INTO contract VALUES ({','.join('?' * 19)})", self._row(contract))
        return versions

    def _row(self, contract: Contract) -> tuple[Any, ...]:
        starts = contract.due(0)
        ends = contract.due(contract.term + 1)
        current = contract.rates[-1][1]
        floating = contract.margin is not None
        rate: dict[str, object] = {
            "kind": "FLOATING" if floating else "FIXED",
            "index": INDEXES[contract.currency] if contract.spread is None else "POLSTR 3M",
            "margin": percent(contract.margin or 0),
            "spreadAdjustment": None if contract.spread is None else percent(contract.spread),
            "resetFrequency": contract.reset,
            "nextResetOn": self._next_reset(contract),
            "current": percent(current),
        }
        if not floating:
            rate |= dict.fromkeys(("index", "margin", "spreadAdjustment", "resetFrequency", "nextResetOn"))
        buy_out = None
        if contract.kind != "RENTAL" and contract.residual:
            buy_out = encode(
                {
                    "amount": money(contract.residual),
                    "vatRate": percent(contract.vat_rate),
                    "deadline": iso(ends),
                }
            )
        number = f"{PREFIXES[contract.kind]}/{iso(starts)[:4]}/{contract.id:06d}"
        return (
            contract.id, number, contract.client, contract.kind, contract.status, iso(starts - 7),
            iso(starts), iso(ends),
            contract.term, contract.currency, contract.value, contract.initial_fee, contract.residual,
            encode(rate),
            buy_out, self._assets(starts), contract.vat_rate, contract.day, contract.margin,
        )  # fmt: skip

    def _next_reset(self, contract: Contract) -> str | None:
        if contract.status != "ACTIVE":
            return None
        step = RESET_MONTHS[contract.reset]
        number = step
        while contract.due(number) <= self._today:
            number += step
        return iso(contract.due(number)) if number < contract.term else None

    def _assets(self, starts: int) -> str:
        random = self._random
        year = int(iso(starts)[:4])
        if random.random() < 0.8:
            maker, model, code, _ = random.choice(VEHICLES)
            asset: dict[str, object] = {
                "type": "VEHICLE", "name": f"{maker} {model}", "manufacturer": maker, "model": model,
                "year": year,
                "vin": new_vin(random, code), "registrationNumber": new_plate(random),
                "mileage": random.randrange(0, 180_000), "serialNumber": None, "location": None,
            }  # fmt: skip
        else:
            name, maker, model, _ = random.choice(EQUIPMENT)
            asset = {
                "type": "EQUIPMENT", "name": f"{name} {maker} {model}", "manufacturer": maker, "model": model,
                "year": year, "vin": None, "registrationNumber": None, "mileage": None,
                "serialNumber": f"SN{random.randrange(10**8):08d}", "location": None,
            }  # fmt: skip
        return encode([asset])

    def _schedules(self, contract: Contract) -> list[Regular]:
        principal = contract.value - contract.initial_fee
        rows: list[Regular] = []
        for version in range(1, len(contract.rates) + 1):
            rates = contract.rates[:version]
            rows = amortise(principal, contract.residual, contract.term, rates)
            superseded = contract.rates[version][0] if version < len(contract.rates) else None
            capital = principal - contract.residual
            interest = sum(row.interest for row in rows)
            rate = contract.vat_rate
            vat = sum(vat_of(row.capital + row.interest, rate) for row in rows) if rate else 0
            reason = "ORIGINAL"
            if version > 1:
                reason = contract.reasons[version - 2] if contract.reasons else "INDEX_REVISION"
            first = rates[-1][0]
            self._database.execute(
                f"INSERT INTO schedule VALUES ({','.join('?' * 14)})",
                (
                    contract.id * 100 + version, contract.client, contract.id, version,
                    iso(contract.due(first - 1) + (version > 1)), reason,
                    None if superseded is None else iso(contract.due(superseded - 1) + 1),
                    contract.currency, capital + interest, capital, interest, vat, encode(rates), superseded,
                ),
            )  # fmt: skip
        return rows


def percent(rate: int) -> str:
    """Basis points as a decimal string in percent."""
    return f"{rate // 100}.{rate % 100:02d}"


def money(amount: int) -> str:
    """Minor units as a decimal string with two places."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
