"""Instalments are not stored: a schedule's terms give every row, and the invoices say how far it has come."""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from sandbox.clock import Clock
from sandbox.data.annuity import amortise, vat_of
from sandbox.data.calendar import day_in, iso
from sandbox.data.contracts import money, percent
from sandbox.erp.page import page

MOST_SCHEDULES = 4_096
ROWS_A_SCHEDULE = 1_000  # an instalment's id is its schedule's times this, plus its number


class Schedule(NamedTuple):
    """A schedule's rows in order, each as JSON up to `invoiceNumber`; `upto` is the first one superseded."""

    contract: int
    upto: int
    heads: list[str]


TERMS = """
SELECT s.id, s.client, s.contract, s.rates, s.superseded_from, c.currency, c.asset_value, c.initial_fee,
    c.residual_value, c.term_months, c.vat_rate, c.margin, c.starts_on
FROM json_each(?) k CROSS JOIN schedule s ON s.id = k.value CROSS JOIN contract c ON c.id = s.contract
"""
INVOICED = """
SELECT i.contract, i.instalment, i.number,
    CASE WHEN i.state <> 'OPEN' THEN 'SETTLED' WHEN i.due_date < ? THEN 'OVERDUE' ELSE 'INVOICED' END
FROM json_each(?) k CROSS JOIN invoice i ON i.contract = k.value WHERE i.instalment IS NOT NULL
"""


class InstalmentReader:
    """Gives instalments by id and by schedule; remembers the terms of the schedules read last."""

    def __init__(self, database: sqlite3.Connection, clock: Clock) -> None:
        """Reads schedules, contracts and invoices."""
        self._database = database
        self._clock = clock
        self._schedules: OrderedDict[int, Schedule] = OrderedDict()

    def by_id(self, keys: Mapping[str, int]) -> dict[str, str]:
        """JSON of the instalments that exist, by key."""
        rows = self._rows({key // ROWS_A_SCHEDULE for key in keys.values()})
        found = {}
        for text, key in keys.items():
            schedule = rows.get(key // ROWS_A_SCHEDULE, [])
            if key % ROWS_A_SCHEDULE < len(schedule):
                found[text] = schedule[key % ROWS_A_SCHEDULE]
        return found

    def by_schedule(
        self, keys: Mapping[str, int], first: int | None, after: list[Any] | None
    ) -> dict[str, str]:
        """JSON of each schedule's page, by key."""
        rows = self._rows(keys.values())
        start = 0 if after is None else int(after[0]) + 1
        stop = None if first is None else start + first + 1
        return {text: page(rows[key][start:stop], first) for text, key in keys.items() if key in rows}

    def count(self, keys: Mapping[str, int]) -> dict[str, int]:
        """The number of instalments of each schedule, by key."""
        schedules = self._terms(keys.values())
        return {text: len(schedules[key].heads) for text, key in keys.items() if key in schedules}

    def _rows(self, keys: Iterable[int]) -> dict[int, list[str]]:
        schedules = self._terms(keys)
        contracts = msgspec.json.encode(
            sorted({schedule.contract for schedule in schedules.values()})
        ).decode()
        tails: dict[int, dict[int, str]] = {}
        end = f'"asOf":"{self._clock.as_of}"}}'
        for contract, number, invoice, status in self._database.execute(
            INVOICED, (self._clock.today, contracts)
        ):
            tails.setdefault(contract, {})[number] = f'"{invoice}","status":"{status}",{end}'
        planned = f'null,"status":"PLANNED",{end}'
        rows = {}
        for key, schedule in schedules.items():
            known = tails.get(schedule.contract, {})
            # What a later version replaced was never invoiced under this one.
            rows[key] = [
                head + (known.get(number, planned) if number < schedule.upto else planned)
                for number, head in enumerate(schedule.heads)
            ]
        return rows

    def _terms(self, keys: Iterable[int]) -> dict[int, Schedule]:
        found, missing = {}, []
        for key in keys:
            schedule = self._schedules.get(key)
            if schedule is None:
                missing.append(key)
            else:
                found[key] = schedule
        if missing:
            for row in self._database.execute(TERMS, (msgspec.json.encode(missing).decode(),)):
                found[row[0]] = self._schedules[row[0]] = _schedule(row)
            while len(self._schedules) > MOST_SCHEDULES:
                self._schedules.popitem(last=False)
        return found


def _schedule(row: tuple[Any, ...]) -> Schedule:
    (
        key,
        client,
        contract,
        rates,
        superseded,
        currency,
        value,
        initial,
        residual,
        term,
        vat_rate,
        margin,
        starts,
    ) = row
    month, day = int(starts[:4]) * 12 + int(starts[5:7]) - 1, int(starts[8:])
    heads: list[str] = []

    def add(kind: str, capital: int, interest: int, outstanding: int, reference: int | None) -> None:
        number = len(heads)
        net = capital + interest
        vat = vat_of(net, vat_rate)
        due = iso(day_in(month + number, day))
        quoted = "null" if reference is None else f'"{percent(reference)}"'
        heads.append(
            f'{{"id":"{key * ROWS_A_SCHEDULE + number}","clientNumber":"{client:07d}","scheduleId":"{key}",'
            f'"number":{number},"dueDate":"{due}","kind":"{kind}","currency":"{currency}","net":"{money(net)}",'
            f'"capital":"{money(capital)}","interest":"{money(interest)}","vatRate":"{percent(vat_rate)}",'
            f'"vat":"{money(vat)}","gross":"{money(net + vat)}",'
            f'"outstandingCapitalAfter":"{money(outstanding)}",'
            f'"referenceRate":{quoted},"invoiceNumber":'
        )

    add("INITIAL", initial, 0, value - initial, None)
    for regular in amortise(value - initial, residual, term, msgspec.json.decode(rates)):
        reference = None if margin is None else regular.rate - margin
        add("REGULAR", regular.capital, regular.interest, regular.outstanding, reference)
    add("RESIDUAL", residual, 0, 0, None)
    return Schedule(contract, term + 2 if superseded is None else superseded, heads)
