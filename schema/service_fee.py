"""What a service request costs, and which requests can be made."""

from datetime import datetime

import strawberry

from connectors.erp.records.quote import NotAvailable, QuoteRecord
from connectors.erp.records.request import FeeChargedWhen
from schema.fields import computed, described, enum, money
from schema.money import Money
from schema.request_kind import RequestKind

enum(
    FeeChargedWhen,
    "When a fee is charged.",
    {"ON_SUBMISSION": "When the request is submitted.", "ON_COMPLETION": "When it is completed."},
)
enum(
    NotAvailable,
    "Why a request can't be made now.",
    {
        "CONTRACT_NOT_ACTIVE": "The contract is not running.",
        "NO_POLICY": "The contract has no insurance policy in force.",
        "NO_VEHICLE": "What is leased is no vehicle.",
        "ROLE": "Your role does not allow it.",
    },
)


@strawberry.type(description="What a service request costs.")
class ServiceFee:
    net: Money = money("net", "Without value-added tax.")
    vat: Money = money("vat", "Value-added tax.")
    gross: Money = money("gross", "With value-added tax: what a submission has to accept.")
    charged_when: FeeChargedWhen = described("When it is charged.")
    accepted_at: datetime | None = described("When the client accepted it; null before a submission.")


def _fee(quote: QuoteRecord) -> object:
    return quote.fee


@strawberry.type(description="What can be asked for, and what it costs and takes today, or why not.")
class AvailableRequest:
    kind: RequestKind = described("What can be asked for.")
    fee: ServiceFee = computed(_fee, "Today's fee through the portal.")
    sla_days: int = described("How many days of the calendar the back office takes at most.")
    reason: NotAvailable | None = described("Why it can't be made now; null when it can.")
