"""Amounts."""

from decimal import Decimal

import strawberry

from schema.scalars import CurrencyCode


@strawberry.type(description="An amount of money in one currency; amounts of two currencies are never added.")
class Money:
    amount: Decimal = strawberry.field(description="The amount, with the currency's minor units.")
    currency: CurrencyCode = strawberry.field(description="The currency of the amount.")


def money_of(amount: Decimal, currency: str) -> Money:
    """An amount in a currency by its ISO 4217 code."""
    return Money(amount=amount, currency=CurrencyCode(currency))
