"""An offer for changing a contract's payment schedule: one change, with the value that goes with it."""

from decimal import Decimal
from typing import Any

from connectors.erp.records.request import RequestKind
from connectors.erp.requests.schedule_change_offer import ScheduleChange, ScheduleChangeOfferDetails
from resolvers.permissions import Subject
from resolvers.service_requests.case import Case, Kind

LAST_DUE_DAY = 28
"""The last day that every month has."""

# By the input's field: its name to callers, the change, and where its value stands in the details.
CHANGES = {
    "extend_by_months": ("extendByMonths", ScheduleChange.EXTEND, "months"),
    "shorten_by_months": ("shortenByMonths", ScheduleChange.SHORTEN, "months"),
    "net_instalment": ("netInstalment", ScheduleChange.CHANGE_AMOUNT, "net_instalment"),
    "due_day": ("dueDay", ScheduleChange.CHANGE_DUE_DAY, "due_day"),
    "defer_instalments": ("deferInstalments", ScheduleChange.DEFER, "deferred_instalments"),
}


async def _details(case: Case) -> ScheduleChangeOfferDetails:
    reason = case.text(case.given.reason, 1000, "reason")
    chosen, value = case.given.change.chosen  # GraphQL lets exactly one through
    name, change, part = CHANGES[chosen]
    _check(case, change, value, name)
    values: dict[str, Any] = {part: value}
    return ScheduleChangeOfferDetails(change=change, reason=reason, **values)


def _check(case: Case, change: ScheduleChange, value: Any, name: str) -> None:
    path, contract = ("change", name), case.contract
    months_left = (contract.ends_on.year - case.today.year) * 12 + contract.ends_on.month - case.today.month
    if change is ScheduleChange.CHANGE_DUE_DAY:
        case.require(1 <= value <= LAST_DUE_DAY, f"must be from 1 to {LAST_DUE_DAY}", *path)
    elif change is ScheduleChange.CHANGE_AMOUNT:
        is_money = value > 0 and value == value.quantize(Decimal("0.01"))
        case.require(is_money, "must be more than 0, with at most two decimals", *path)
    elif change is ScheduleChange.EXTEND:
        case.require(1 <= value <= contract.term_months, f"must be from 1 to {contract.term_months}", *path)
    else:
        rule = f"must be at least 1 and less than the {months_left} months left"
        case.require(1 <= value < months_left, rule, *path)


KIND = Kind(RequestKind.SCHEDULE_CHANGE_OFFER, Subject.CONTRACT, _details)
