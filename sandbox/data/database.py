"""The ERP database: generated once for its arguments, then opened."""

import gc
import hashlib
import os
import sqlite3
from datetime import date
from pathlib import Path
from random import Random

from sandbox.data.contracts import ContractWriter
from sandbox.data.correspondence import write_correspondence
from sandbox.data.finding import FINDING
from sandbox.data.generation import Generation
from sandbox.data.ledger import Ledger
from sandbox.data.named import NAMED, write_named
from sandbox.data.notifications import NOTIFICATION_TABLE, WRITE_NOTIFICATIONS
from sandbox.data.policies import write_policies
from sandbox.data.portfolio import Size, write_portfolio
from sandbox.data.promotions import PROMOTION_TABLE, write_promotions
from sandbox.data.request_tables import REQUEST_INDEXES, REQUEST_TABLES
from sandbox.data.requests import write_requests
from sandbox.data.schema import INDEXES, MESSAGE_TABLES, TABLES
from sandbox.data.users import ACCOUNT_CLIENTS, write_users

SIZES = {
    "tiny": Size(clients=35, contracts=250, invoices=8_000),
    "demo": Size(clients=1_000, contracts=4_000, invoices=100_000),
    "full": Size(clients=10_000, contracts=40_000, invoices=1_000_000),
}
FILE_NAME = "erp.sqlite"
NAMED_CLIENTS = range(NAMED[0].number, NAMED[-1].number + 1)


def generator_version() -> str:
    """A digest of the generator's own source: data of another generator are not reused."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def open_database(folder: Path, seed: int, size: str, today: date) -> sqlite3.Connection:
    """Open the database in `folder`, generating it first unless it stands there for the same arguments."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    wanted = {"version": generator_version(), "seed": str(seed), "size": size, "today": today.isoformat()}
    if not _stands(path, wanted):
        # Generated beside and renamed: a generation that is killed leaves nothing half-made.
        partial = folder / f"{FILE_NAME}.{os.getpid()}.partial"
        left_over = [Path(f"{path}{suffix}") for suffix in ("", "-wal", "-shm")]
        for old in (*left_over, *folder.glob(f"{FILE_NAME}.*.partial")):
            old.unlink(missing_ok=True)
        try:
            generate(partial, seed, size, today, wanted)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    return connect(path)


def connect(path: Path) -> sqlite3.Connection:
    """A connection with autocommit; transactions are begun by hand."""
    database = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
    database.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;"
        "PRAGMA mmap_size = 1073741824;"
    )
    database.create_function("casefold", 1, _casefold, deterministic=True)
    return database


def _casefold(text: str | None) -> str | None:
    """SQLite's own lower() knows no Polish letters."""
    return None if text is None else text.casefold()


def _stands(path: Path, wanted: dict[str, str]) -> bool:
    if not path.exists():
        return False
    database = sqlite3.connect(path)
    try:
        return dict(database.execute("SELECT key, value FROM meta")) == wanted
    except sqlite3.DatabaseError:
        return False
    finally:
        database.close()


def generate(path: Path, seed: int, size: str, today: date, meta: dict[str, str]) -> None:
    """Write a new database file; the same arguments give the same content."""
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072;"
    )
    database.executescript(
        f"{TABLES}{REQUEST_TABLES}{MESSAGE_TABLES}{PROMOTION_TABLE}{NOTIFICATION_TABLE}BEGIN;"
    )
    day = today.toordinal()
    random = Random(f"{seed}/named")
    contracts = ContractWriter(database, random, day)
    generation = Generation(database, random, day, Ledger(database), contracts)
    collects = gc.isenabled()
    gc.disable()  # millions of rows without a cycle among them
    try:
        write_named(generation)
        random.seed(f"{seed}/{size}")
        write_portfolio(generation, SIZES[size])
        generation.ledger.flush()
        write_policies(database, Random(f"{seed}/policies"), day)
        write_requests(database, random, day, NAMED_CLIENTS)
        write_correspondence(database, random, day, NAMED_CLIENTS)
        write_promotions(database, day)
        write_users(database)
    finally:
        if collects:
            gc.enable()
    database.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    database.executescript(
        f"BEGIN;{FINDING}{ACCOUNT_CLIENTS}{WRITE_NOTIFICATIONS}{REQUEST_INDEXES}{INDEXES}COMMIT;"
    )
    database.close()


def content_digest(database: sqlite3.Connection) -> str:
    """SHA-256 over every row of every table."""
    digest = hashlib.sha256()
    tables = [
        row[0]
        for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    for table in tables:
        if table.startswith("sqlite_"):
            continue
        for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
            digest.update(repr(row).encode())
    return digest.hexdigest()
