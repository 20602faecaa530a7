"""What an invoice charges for and at which VAT rates, and its reminders."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from connectors.erp.records.invoice_terms import Dunning as DunningRecord
from connectors.erp.records.invoice_terms import VatSum as VatSumRecord
from resolvers.derived import derived
from schema.fields import described, money
from schema.money import Money, money_of


@strawberry.type(description="What an invoice charges at one VAT rate.")
class VatSum:
    rate: Decimal | None = described("The rate in percent; null: exempt or outside of VAT.")
    net: Money = described("Net amount.")
    vat: Money = described("Value-added tax.")
    gross: Money = described("Gross amount.")


@strawberry.type(description="One line of an invoice.")
class InvoiceLine:
    number: int = described("Its place on the invoice, from 1.")
    name: str = described("What is charged for, in the words of the invoice.")
    quantity: Decimal = described("How much of it, in `unit`.")
    unit: str | None = described("The unit of the quantity.")
    unit_net: Money = money("unit_net", "Net price of one unit.")
    vat_rate: Decimal | None = described("Rate of the VAT in percent; null: exempt or outside of VAT.")
    net: Money = money("net", "Net amount of the line.")


@strawberry.type(description="The last reminder sent for an invoice.")
class Dunning:
    level: int = described("How far it has gone: 1 is the first reminder.")
    sent_on: date = described("The day on which it was sent.")
    fee: Money = described("What is charged for it.")


@derived
def vat_summary(vat_summary: tuple[VatSumRecord, ...], currency: str) -> Any:
    """The sums in the invoice's currency."""
    return [
        VatSum(
            rate=each.rate,
            net=money_of(each.net, currency),
            vat=money_of(each.vat, currency),
            gross=money_of(each.gross, currency),
        )
        for each in vat_summary
    ]


@derived
def dunning(dunning: DunningRecord | None, currency: str) -> Any:
    """The reminder with its fee in the invoice's currency."""
    return dunning and Dunning(
        level=dunning.level, sent_on=dunning.sent_on, fee=money_of(dunning.fee, currency)
    )
