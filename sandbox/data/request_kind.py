"""What the back office knows of a kind of request: what it costs, how long it takes, what it needs."""

from collections.abc import Callable, Mapping
from typing import NamedTuple


class RequestKind(NamedTuple):
    """A kind of request. `fees` are net by channel, in grosze; `sla_days` are days of the calendar.

    `terms` is what the kind's rules need beside, as the record shows it; `example` gives the details of an
    old request about a contract, by the contract's id.
    """

    code: str
    about: str  # CLIENT or CONTRACT
    fees: Mapping[str, int]
    sla_days: int
    example: Callable[[int], dict[str, object]]
    charged_when: str = "ON_SUBMISSION"  # or ON_COMPLETION
    offers: bool = False
    needs_policy: bool = False
    needs_vehicle: bool = False
    terms: Mapping[str, object] = {}
