"""What can be asked of a list: a slice, and conditions. Hashable, so that equal questions share one call."""

from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec

from connectors.erp.records.contract import ContractKind, ContractStatus
from connectors.erp.records.invoice import InvoiceKind


class Direction(Enum):
    """Which way a list is sorted."""

    ASC = "ASC"
    DESC = "DESC"


class Order(msgspec.Struct, frozen=True):
    """A list sorted by one of its record's fields, by its name on the wire, and then by id."""

    by: str
    direction: Direction


class Slice(msgspec.Struct, frozen=True):
    """The `first` items (1–1000) strictly behind the keyset position `after`.

    `order` is None for the list's own.
    """

    first: int
    after: tuple[str, ...] | None = None
    order: Order | None = None


class InvoiceStatus(Enum):
    """Where an invoice stands on the ERP's day: the first that holds, in this order."""

    CANCELLED = "CANCELLED"
    PAID = "PAID"
    OVERDUE = "OVERDUE"
    PARTIALLY_SETTLED = "PARTIALLY_SETTLED"
    ISSUED = "ISSUED"


class ClientFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Empty means: no condition. `einvoice_email` is compared in lower case."""

    number_starts_with: str | None = None
    name_contains: str | None = None
    nip: str | None = None
    regon: str | None = None
    krs: str | None = None
    einvoice_email: str | None = None


class ContractFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Empty means: no condition. `vin` and `registration_number` are those of one of its vehicles."""

    number: str | None = None
    statuses: tuple[ContractStatus, ...] = ()
    kinds: tuple[ContractKind, ...] = ()
    asset_name_contains: str | None = None
    registration_number: str | None = None
    vin: str | None = None


class InvoiceFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Dates and amounts are inclusive; an amount is in `currency`, with two places."""

    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    kinds: tuple[InvoiceKind, ...] = ()
    statuses: tuple[InvoiceStatus, ...] = ()
    contract_number: str | None = None
    vin: str | None = None
    number: str | None = None
    number_contains: str | None = None
    ksef_number: str | None = None
    currency: str | None = None
    gross_from: Decimal | None = None
    gross_to: Decimal | None = None


class NotificationFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """`except_ids`, at most 10 000, are left out."""

    except_ids: tuple[str, ...] = ()
