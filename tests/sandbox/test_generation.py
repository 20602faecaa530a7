"""The generated data: the same for the same arguments, and true to the ledger's rules."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from stdnum.pl import nip, regon

from sandbox.data.annuity import amortise, vat_of
from sandbox.data.database import FILE_NAME, connect, content_digest, open_database
from sandbox.data.identifiers import crc8

TODAY = date(2026, 11, 22)

# Each counts the rows that break a rule of the ledger.
RULES = {
    "settled is the sum of the allocations": """
        SELECT count(*) FROM invoice i WHERE settled <>
            coalesce((SELECT sum(amount) FROM allocation a WHERE a.invoice = i.id), 0)""",
    "settled is never more than the gross of what is due": """
        SELECT count(*) FROM invoice WHERE settled > max(gross, 0)""",
    "open means that something is due": """
        SELECT count(*) FROM invoice WHERE (state = 'OPEN') <> (gross > settled)""",
    "paid means that a day of payment is known": """
        SELECT count(*) FROM invoice WHERE (state = 'PAID') <> (paid_on IS NOT NULL)""",
    "a payment's allocated amount is the sum of its allocations": """
        SELECT count(*) FROM payment p WHERE allocated <>
            coalesce((SELECT sum(amount) FROM allocation a WHERE a.payment = p.id), 0)""",
    "a payment is not allocated beyond its amount": """
        SELECT count(*) FROM payment WHERE allocated < 0 OR allocated > amount""",
    "a correction counts once, on the corrected invoice, and owes nothing": """
        SELECT count(*) FROM invoice c WHERE kind = 'CORRECTION'
            AND (settled <> 0 OR state <> 'PAID' OR 1 <> (
            SELECT count(*) FROM allocation a WHERE a.credit_invoice = c.id AND a.invoice = c.correction_of
            AND a.kind = 'CORRECTION' AND a.amount = -c.gross))""",
    "corrected means that there is a correction": """
        SELECT count(*) FROM invoice i WHERE corrected <>
            EXISTS (SELECT 1 FROM invoice c WHERE c.correction_of = i.id)""",
    "allocations stay with one client": """
        SELECT count(*) FROM allocation a JOIN invoice i ON i.id = a.invoice
        LEFT JOIN payment p ON p.id = a.payment
        WHERE a.client <> i.client OR a.currency <> i.currency
            OR p.client <> i.client OR p.currency <> i.currency""",
    "an invoice is of its contract's client": """
        SELECT count(*) FROM invoice i JOIN contract c ON c.id = i.contract
        WHERE c.client <> i.client OR c.currency <> i.currency""",
    "gross is net and VAT": """
        SELECT count(*) FROM invoice WHERE typeof(net) = 'integer' AND gross <> net + vat""",
    "nothing is issued or booked in the future": """
        SELECT (SELECT count(*) FROM invoice WHERE issue_date > '2026-11-22' OR paid_on > '2026-11-22')
            + (SELECT count(*) FROM payment WHERE booked_on > '2026-11-22')""",
    "an instalment is invoiced once": """
        SELECT count(*) FROM (SELECT 1 FROM invoice WHERE instalment IS NOT NULL
            GROUP BY contract, instalment HAVING count(*) > 1)""",
    "there is one schedule in force for each contract": """
        SELECT count(*) FROM contract c WHERE 1 <>
            (SELECT count(*) FROM schedule s WHERE s.contract = c.id AND superseded_on IS NULL)""",
    "numbers are unique": "SELECT count(*) - count(DISTINCT number) FROM invoice",
}


@pytest.fixture(scope="module", params=["tiny", "demo"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path_factory.mktemp("data"), 20261122, request.param, TODAY)
    yield connection
    connection.close()


@pytest.mark.parametrize("rule", RULES)
def test_ledger_rules_hold_for_every_row(database: sqlite3.Connection, rule: str) -> None:
    assert database.execute(RULES[rule]).fetchone() == (0,)


def test_instalment_invoices_match_the_schedules(database: sqlite3.Connection) -> None:
    wrong = 0
    rows = database.execute(
        "SELECT i.instalment, i.net, i.gross, s.rates, c.asset_value - c.initial_fee, c.residual_value,"
        " c.term_months, c.vat_rate FROM contract c"
        " JOIN schedule s ON s.contract = c.id AND s.superseded_on IS NULL"
        " JOIN invoice i ON i.contract = c.id AND i.kind = 'INSTALMENT' WHERE c.id % 10 = 1"
    ).fetchall()
    assert rows
    for number, net, gross, rates, principal, residual, term, vat_rate in rows:
        regular = amortise(principal, residual, term, [(int(a), int(b)) for a, b in _pairs(rates)])[
            number - 1
        ]
        wrong += (regular.capital + regular.interest, net + vat_of(net, vat_rate)) != (net, gross)
    assert wrong == 0


def _pairs(text: str) -> list[list[str]]:
    return [pair.split(",") for pair in text.strip("[]").split("],[")]


def test_identifiers_are_valid(database: sqlite3.Connection) -> None:
    for tax, statistical in database.execute("SELECT nip, regon FROM client"):
        assert nip.is_valid(tax)
        assert regon.is_valid(statistical)
    numbers = [
        row[0] for row in database.execute("SELECT ksef_number FROM invoice WHERE ksef_number IS NOT NULL")
    ]
    assert len(set(numbers)) == len(numbers)
    for number in numbers[:500]:
        assert len(number) == 35
        assert number[33:] == f"{crc8(number[:32]):02X}"
    vins = [row[0] for row in database.execute("SELECT assets ->> '$[0].vin' FROM contract") if row[0]]
    assert all(len(vin) == 17 and not set(vin) & set("IOQ") for vin in vins)


def test_sizes(database: sqlite3.Connection) -> None:
    counts = [
        database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("client", "contract", "invoice")
    ]
    assert counts in ([35, 250, 8_000], [1_000, 4_000, 100_000])


def test_the_same_arguments_give_the_same_content(tmp_path: Path) -> None:
    digests = []
    for folder, seed in (("one", 7), ("two", 7), ("three", 8)):
        database = open_database(tmp_path / folder, seed, "tiny", TODAY)
        digests.append(content_digest(database))
        database.close()
    assert digests[0] == digests[1] != digests[2]


def test_a_database_is_reused_for_the_same_arguments_only(tmp_path: Path) -> None:
    open_database(tmp_path, 7, "tiny", TODAY).close()
    first = (tmp_path / FILE_NAME).stat().st_ino
    open_database(tmp_path, 7, "tiny", TODAY).close()
    assert (tmp_path / FILE_NAME).stat().st_ino == first
    database = open_database(tmp_path, 7, "tiny", date(2026, 11, 23))
    assert database.execute("SELECT value FROM meta WHERE key = 'today'").fetchone() == ("2026-11-23",)
    database.close()
    assert not list(tmp_path.glob("*.partial"))


def test_a_half_made_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all")
    open_database(tmp_path, 7, "tiny", TODAY).close()
    database = connect(tmp_path / FILE_NAME)
    assert database.execute("SELECT count(*) FROM client").fetchone() == (35,)
    database.close()


@pytest.mark.parametrize(
    "today", [date(2024, 2, 29), date(2025, 1, 1), date(2026, 12, 31), date(2027, 3, 10)]
)
def test_any_day_gives_the_worked_client(tmp_path: Path, today: date) -> None:
    database = open_database(tmp_path, 1, "tiny", today)
    row = database.execute(
        "SELECT sum(gross - settled), sum(iif(due_date < ?, gross - settled, 0)) FROM invoice"
        " WHERE client = 10001 AND state = 'OPEN'",
        (today.isoformat(),),
    ).fetchone()
    assert row == (330_500, 146_000)
    database.close()
