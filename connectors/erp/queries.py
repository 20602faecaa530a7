"""What can be asked of a list: a slice, and conditions. Hashable, so that equal questions share one call."""

from datetime import date
from enum import Enum

import msgspec

from connectors.erp.records.contract import ContractKind, ContractStatus
from connectors.erp.records.invoice import InvoiceKind


class Slice(msgspec.Struct, frozen=True):
    """The `first` items (1–1000) strictly behind the keyset position `after`."""

    first: int
    after: tuple[str, ...] | None = None


class ContractFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Empty means: no condition."""

    statuses: tuple[ContractStatus, ...] = ()
    kinds: tuple[ContractKind, ...] = ()


class InvoiceFilter(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Dates are inclusive."""

    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    kinds: tuple[InvoiceKind, ...] = ()


class InvoicesBy(Enum):
    """The relation by which invoices are listed."""

    CLIENT = "client"
    CONTRACT = "contract"
    CORRECTION_OF = "correctionOf"
