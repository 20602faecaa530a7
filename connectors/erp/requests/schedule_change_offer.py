"""An offer for changing the payment schedule."""

from decimal import Decimal

import msgspec

from connectors.record import Code


class ScheduleChange(Code):
    """What is to change; each has one value that goes with it."""

    EXTEND = "EXTEND"
    SHORTEN = "SHORTEN"
    CHANGE_AMOUNT = "CHANGE_AMOUNT"
    CHANGE_DUE_DAY = "CHANGE_DUE_DAY"
    DEFER = "DEFER"
    UNKNOWN = "UNKNOWN"


class ScheduleChangeOfferDetails(msgspec.Struct, frozen=True, rename="camel"):
    """`months` goes with EXTEND and SHORTEN; `net_instalment` is in the contract's currency."""

    change: ScheduleChange | None = None
    months: int | None = None
    net_instalment: Decimal | None = None
    due_day: int | None = None
    deferred_instalments: int | None = None
    reason: str | None = None
