"""Annuities with a residual value, in minor units; every instalment is rounded half up to the minor unit."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

MONTHS_TIMES_BASIS = 12 * 10_000


class Regular(NamedTuple):
    """One regular instalment: amounts in minor units, `rate` in basis points a year."""

    number: int
    capital: int
    interest: int
    outstanding: int
    rate: int


@lru_cache(maxsize=65_536)
def _growth(rate: int, months: int) -> Decimal:
    return (1 + Decimal(rate) / MONTHS_TIMES_BASIS) ** months


def level_instalment(balance: int, residual: int, months: int, rate: int) -> int:
    """The net instalment that brings `balance` to `residual` in `months` at `rate` basis points a year."""
    if rate == 0:
        return -(-(balance - residual) // months)
    growth = _growth(rate, months)
    exact = (balance * growth - residual) * rate / MONTHS_TIMES_BASIS / (growth - 1)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def monthly_interest(balance: int, rate: int) -> int:
    """Interest of one month on `balance`, half up."""
    return (2 * balance * rate + MONTHS_TIMES_BASIS) // (2 * MONTHS_TIMES_BASIS)


def amortise(principal: int, residual: int, term: int, rates: Sequence[tuple[int, int]]) -> list[Regular]:
    """The regular instalments 1..`term`; `rates` are (first instalment, rate), ascending, the first from 1.

    A new rate makes a new level instalment out of what is outstanding. The last one takes up the rounding.
    """
    changes = dict(rates)
    balance, rate, level = principal, 0, 0
    rows = []
    for number in range(1, term + 1):
        if number in changes:
            rate = changes[number]
            level = level_instalment(balance, residual, term - number + 1, rate)
        interest = monthly_interest(balance, rate)
        capital = level - interest if number < term else balance - residual
        balance -= capital
        rows.append(Regular(number, capital, interest, balance, rate))
    return rows


def vat_of(net: int, vat_rate: int) -> int:
    """VAT on `net` at `vat_rate` basis points, rounded half away from zero."""
    size = (abs(net) * vat_rate + 5_000) // 10_000
    return size if net >= 0 else -size
