"""What the back office knows of a kind of request: what it costs, how long it takes, what it needs."""

from collections.abc import Callable, Mapping
from typing import NamedTuple


class About(NamedTuple):
    """What an old request is about: the numbers of a contract and of its first policy, if it has one."""

    contract: str
    policy: str | None


class RequestKind(NamedTuple):
    """A kind of request. `fees` are net by channel, in grosze; `sla_days` are days of the calendar.

    `terms` is what the kind's rules need beside, as the record shows it; `example` gives the details of an
    old request.
    """

    code: str
    about: str  # CLIENT or CONTRACT
    fees: Mapping[str, int]
    sla_days: int
    example: Callable[[About], dict[str, object]]
    charged_when: str = "ON_SUBMISSION"  # or ON_COMPLETION
    offers: bool = False
    needs_policy: bool = False
    needs_vehicle: bool = False
    terms: Mapping[str, object] = {}
