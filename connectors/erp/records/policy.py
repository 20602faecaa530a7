"""Insurance policies of what is leased."""

from datetime import date
from decimal import Decimal

from connectors.record import Code, Record


class PolicyKind(Code):
    """What a policy covers."""

    MOTOR_LIABILITY = "MOTOR_LIABILITY"
    MOTOR_OWN_DAMAGE = "MOTOR_OWN_DAMAGE"
    PROPERTY = "PROPERTY"
    UNKNOWN = "UNKNOWN"


class PolicyRecord(Record, frozen=True):
    """A policy of a contract; both days inclusive, `territory` as ISO 3166-1 alpha-2."""

    id: str
    number: str
    client_number: str
    contract_id: str
    insurer: str
    kind: PolicyKind
    valid_from: date
    valid_to: date
    currency: str
    sum_insured: Decimal
    premium: Decimal
    territory: tuple[str, ...]
