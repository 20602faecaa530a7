"""What a schedule's file says, whatever its format and language."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord

AMOUNTS = ("net", "capital", "interest", "vat", "gross")
"""The amounts of an instalment that are summed up."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of a contract's schedule with all its instalments, by number."""

    client: ClientRecord
    contract: ContractRecord
    schedule: ScheduleRecord
    instalments: Sequence[InstalmentRecord]

    def regular_totals(self) -> dict[str, Decimal]:
        """The ERP's own sums, which are those of the REGULAR rows."""
        return {name: getattr(self.schedule.totals, name) for name in AMOUNTS}

    def whole_totals(self) -> dict[str, Decimal]:
        """Sums over all rows, the initial fee and the residual value too."""
        return {
            name: sum((getattr(row, name) for row in self.instalments), Decimal("0.00")) for name in AMOUNTS
        }

    def reference_rates(self) -> list[tuple[int, Decimal]]:
        """(number of the first instalment, index in percent), where the index begins or changes."""
        found: list[tuple[int, Decimal]] = []
        for row in self.instalments:
            rate = row.reference_rate
            if rate is not None and (not found or found[-1][1] != rate):
                found.append((row.number, rate))
        return found
