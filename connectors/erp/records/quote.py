"""What a service request costs today."""

from decimal import Decimal
from typing import Any

from connectors.erp.records.request import FeeChargedWhen, RequestFee, RequestKind
from connectors.record import Code, Record


class NotAvailable(Code):
    """Why a kind of request can't be made now; ROLE is the gateway's own reason."""

    CONTRACT_NOT_ACTIVE = "CONTRACT_NOT_ACTIVE"
    NO_POLICY = "NO_POLICY"
    NO_VEHICLE = "NO_VEHICLE"
    ROLE = "ROLE"
    UNKNOWN = "UNKNOWN"


class QuoteRecord(Record, frozen=True):
    """Fee and time of one kind through the portal, for a contract or (without one) for a client.

    `sla_days` are days of the calendar; `terms` is what the kind's own rules need beside.
    """

    kind: RequestKind
    client_number: str
    contract_number: str | None
    currency: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    charged_when: FeeChargedWhen
    sla_days: int
    reason: NotAvailable | None
    terms: dict[str, Any]

    @property
    def fee(self) -> RequestFee:
        """The fee, which nobody has accepted yet."""
        return RequestFee(self.net, self.vat, self.gross, self.currency, self.charged_when)
