"""What every part of a generation shares."""

import sqlite3
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from sandbox.data.annuity import Regular
from sandbox.data.calendar import FIRST
from sandbox.data.contracts import Contract, ContractWriter
from sandbox.data.ledger import Ledger


@dataclass(slots=True)
class Generation:
    """The database being filled; `today` is an ordinal day."""

    database: sqlite3.Connection
    random: Random
    today: int
    ledger: Ledger
    contracts: ContractWriter
    first_day: ClassVar[int] = FIRST

    @property
    def client_count(self) -> int:
        """Clients written so far."""
        return int(self.database.execute("SELECT count(*) FROM client").fetchone()[0])

    def write_contract(self, contract: Contract) -> list[Regular]:
        """Store a contract; its client gets a balance in its currency."""
        rows = self.contracts.write(contract)
        if contract.currency != "PLN":
            self.database.execute(
                "INSERT OR IGNORE INTO client_currency VALUES (?, ?)", (contract.client, contract.currency)
            )
        return rows
