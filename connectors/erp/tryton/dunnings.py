"""Reminders, of Tryton's module account_dunning where it is activated."""

from collections.abc import Sequence
from decimal import Decimal

from connectors.erp.records.invoice_terms import Dunning
from connectors.erp.tryton.rows import DunningRow, InvoiceRow, Row
from connectors.erp.tryton.service import Broken, Rows, Tryton, chunks

DUNNINGS = Rows("account.dunning", "dunning", DunningRow, Row)


class Dunnings:
    """The last reminder about an invoice. Tryton's books charge fees apart, so that they are 0 here."""

    def __init__(self, tryton: Tryton) -> None:
        self._tryton = tryton
        self._activated: bool | None = None

    async def of(self, invoices: Sequence[InvoiceRow]) -> dict[int, Dunning]:
        """The highest reminder sent about each invoice that has one."""
        owners = {
            line.id: each.id
            for each in invoices
            if each.state == "posted"
            for line in each.lines_to_pay
            if line.reconciliation is None and line.value > 0
        }
        found: dict[int, Dunning] = {}
        if not owners or not await self._is_activated():
            return found
        for chunk in chunks(owners):
            for row in await self._tryton.read(DUNNINGS, [["line", "in", chunk], ["state", "!=", "draft"]]):
                if isinstance(row, Broken) or row.date is None or row.line not in owners:
                    continue
                level = row.level.procedure.levels.index(row.level.id) + 1
                known = found.get(owners[row.line])
                if known is None or known.level < level:
                    found[owners[row.line]] = Dunning(level, row.date.date, Decimal("0.00"))
        return found

    async def _is_activated(self) -> bool:
        """Asked once: a module comes with a restart of Tryton, and then with one of ours."""
        if self._activated is None:
            domain = [["name", "=", "account_dunning"], ["state", "=", "activated"]]
            self._activated = await self._tryton.count("ir.module", domain) > 0
        return self._activated
