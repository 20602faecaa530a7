"""Contracts: what is leased, for how long, at which rate."""

from datetime import date
from decimal import Decimal

import msgspec

from connectors.record import Code, Record


class ContractKind(Code):
    """The kind of financing."""

    OPERATING_LEASE = "OPERATING_LEASE"
    FINANCE_LEASE = "FINANCE_LEASE"
    LOAN = "LOAN"
    RENTAL = "RENTAL"
    UNKNOWN = "UNKNOWN"


class ContractStatus(Code):
    """Where a contract is in its life."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    TERMINATED_EARLY = "TERMINATED_EARLY"
    TERMINATED_FOR_CAUSE = "TERMINATED_FOR_CAUSE"
    COMPLETED = "COMPLETED"
    BOUGHT_OUT = "BOUGHT_OUT"
    ASSIGNED = "ASSIGNED"
    UNKNOWN = "UNKNOWN"


class RateKind(Code):
    """Whether the rate follows an index."""

    FIXED = "FIXED"
    FLOATING = "FLOATING"
    UNKNOWN = "UNKNOWN"


class ResetFrequency(Code):
    """How often a floating rate is set anew."""

    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    SEMI_ANNUAL = "SEMI_ANNUAL"
    UNKNOWN = "UNKNOWN"


class Rate(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """Yearly interest in percent. The index is data ("WIBOR 3M", "POLSTR"): WIBOR ends with 2027."""

    kind: RateKind
    current: Decimal
    index: str | None = None
    margin: Decimal | None = None
    spread_adjustment: Decimal | None = None
    reset_frequency: ResetFrequency | None = None
    next_reset_on: date | None = None


class BuyOut(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """The offer to buy the asset at the end: net amount, VAT in percent, last day."""

    amount: Decimal
    vat_rate: Decimal
    deadline: date


class AssetType(Code):
    """What sort of thing is leased."""

    VEHICLE = "VEHICLE"
    EQUIPMENT = "EQUIPMENT"
    UNKNOWN = "UNKNOWN"


class Asset(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A leased thing. A VIN has 17 characters without I, O, Q and no enforced check digit; mileage in km."""

    type: AssetType
    name: str
    manufacturer: str | None = None
    model: str | None = None
    year: int | None = None
    vin: str | None = None
    registration_number: str | None = None
    mileage: int | None = None
    serial_number: str | None = None
    location: str | None = None


class ContractRecord(Record, frozen=True):
    """A leasing contract. Amounts are net, in `currency`."""

    always = frozenset({"id", "number", "client_number", "starts_on", "ends_on"})

    id: str
    number: str
    client_number: str
    kind: ContractKind
    status: ContractStatus
    signed_on: date | None
    starts_on: date
    ends_on: date
    term_months: int
    currency: str
    asset_value: Decimal
    initial_fee: Decimal
    residual_value: Decimal
    rate: Rate
    buy_out: BuyOut | None
    assets: tuple[Asset, ...]
