"""Where a client pays to, and what is due on a contract."""

from decimal import Decimal

from connectors.record import Record


class VirtualAccountRecord(Record, frozen=True):
    """A bank account of the lessor's that is one client's alone. `nrb` has 26 digits, mod 97."""

    client_number: str
    currency: str
    nrb: str
    bank: str | None


class ContractBalanceRecord(Record, frozen=True):
    """What is due on one contract, in its currency: `open` in all, `overdue` past its due date."""

    contract_number: str
    client_number: str
    currency: str
    open: Decimal
    overdue: Decimal
