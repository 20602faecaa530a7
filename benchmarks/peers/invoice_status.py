"""The gateway's own rule, resolvers/settlement.py, for the peers that are written in Python."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")


@lru_cache(1000)
def local_date(moment: str) -> str:
    """The calendar day in Poland of a moment, both as ISO 8601 texts."""
    return datetime.fromisoformat(moment).astimezone(WARSAW).date().isoformat()


def invoice_status(invoice: Mapping[str, Any]) -> str:
    """PAID and CANCELLED are the ERP's to say; the rest follows from what is due and when."""
    if invoice["state"] != "OPEN":
        return str(invoice["state"])
    due = Decimal(invoice["amountDue"]) > 0
    if due and local_date(invoice["asOf"]) > invoice["dueDate"]:
        return "OVERDUE"
    return "PARTIALLY_SETTLED" if due and Decimal(invoice["settledAmount"]) > 0 else "ISSUED"
