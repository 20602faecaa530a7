"""Where companies differ in how they use Tryton; everything else is Tryton's own meaning.

Fixed: a client is a party with a code, its number; the contract of an invoice is the invoice's reference,
that of a correction the reference of the invoice that it corrects.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from connectors.erp.records.invoice import InvoiceKind


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """`kinds` says what an invoice is for by the code of a product on its lines, else it is `other_kind`.

    An invoice below zero is a CORRECTION, whatever it is for. Payments are booked in journals of the types
    `payment_journals`; `company` is the id of the Tryton company, None for that of the key's user. Clients
    are the parties of the category `client_category`, None for all: suppliers too.
    """

    kinds: Mapping[str, InvoiceKind] = MappingProxyType({})
    other_kind: InvoiceKind = InvoiceKind.UNKNOWN
    payment_journals: tuple[str, ...] = ("cash", "statement")
    company: int | None = None
    client_category: str | None = None
