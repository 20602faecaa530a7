"""The enums and terms of a contract."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from connectors.erp.records.contract import BuyOut as BuyOutRecord
from connectors.erp.records.contract import (
    ContractKind,
    ContractStatus,
    RateKind,
    ResetFrequency,
)
from resolvers.derived import derived
from schema.fields import described, enum
from schema.money import Money, money_of

enum(
    ContractKind,
    "How something is financed.",
    {
        "OPERATING_LEASE": "Operating lease.",
        "FINANCE_LEASE": "Finance lease.",
        "LOAN": "Loan.",
        "RENTAL": "Rental.",
    },
)
enum(
    ContractStatus,
    "Where a contract is in its life.",
    {
        "DRAFT": "Not yet signed.",
        "ACTIVE": "Running.",
        "SUSPENDED": "Suspended.",
        "TERMINATED_EARLY": "Ended early by agreement.",
        "TERMINATED_FOR_CAUSE": "Ended by notice for cause.",
        "COMPLETED": "Ended as planned.",
        "BOUGHT_OUT": "Ended with the buy-out of the asset.",
        "ASSIGNED": "Taken over by another lessee.",
    },
)
enum(
    RateKind,
    "Whether a rate follows an index.",
    {"FIXED": "The same until the end.", "FLOATING": "An index plus a margin."},
)
enum(
    ResetFrequency,
    "How often a floating rate is read anew.",
    {"MONTHLY": "Each month.", "QUARTERLY": "Each quarter.", "SEMI_ANNUAL": "Each half year."},
)


@strawberry.type(description="The interest of a contract; all rates yearly and in percent.")
class Rate:
    kind: RateKind = described("Whether it follows an index.")
    current: Decimal = described("The rate in force.")
    index: str | None = described("Name of the index, as the contract says.")
    margin: Decimal | None = described("What is added to the index.")
    spread_adjustment: Decimal | None = described("What is added where an index replaced another.")
    reset_frequency: ResetFrequency | None = described("How often the index is read anew.")
    next_reset_on: date | None = described("The day on which it is read next.")


@strawberry.type(description="The right to buy the asset at the end.")
class BuyOut:
    amount: Money = described("Net price.")
    vat_rate: Decimal = described("Rate of the value-added tax in percent.")
    deadline: date = described("The last day on which it can be taken.")


@derived
def buy_out(buy_out: BuyOutRecord | None, currency: str) -> Any:
    """The offer in the contract's currency."""
    return buy_out and BuyOut(
        amount=money_of(buy_out.amount, currency),
        vat_rate=buy_out.vat_rate,
        deadline=buy_out.deadline,
    )
