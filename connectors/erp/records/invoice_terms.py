"""What an invoice carries beside its figures: VAT by rate, reminders, its place in KSeF, how to pay it."""

from datetime import date
from decimal import Decimal

import msgspec

from connectors.record import Code, Moment


class VatSum(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """What an invoice charges at one rate. `rate` is in percent; None: exempt or outside of VAT."""

    rate: Decimal | None
    net: Decimal
    vat: Decimal
    gross: Decimal


class Dunning(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """The last reminder sent: `level` 1, 2, …; `fee` is charged for it, in the invoice's currency."""

    level: int
    sent_on: date
    fee: Decimal


class KsefMode(Code):
    """How an invoice came into KSeF (art. 106na–106nh of the VAT Act)."""

    ONLINE = "ONLINE"
    OFFLINE24 = "OFFLINE24"
    OFFLINE = "OFFLINE"
    EMERGENCY = "EMERGENCY"
    UNKNOWN = "UNKNOWN"


class KsefEntry(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """An invoice in KSeF, the national e-invoice system.

    `number` is None until KSeF gives one; `xml_sha256` is the hash, in hex, of the XML as it was sent.
    """

    number: str | None
    mode: KsefMode
    accepted_at: Moment | None
    xml_sha256: str
    seller_nip: str


class TransferTerms(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """How an invoice is to be paid. `account` is an NRB, 26 digits.

    `split_payment`: the split payment mechanism must be used (art. 108a of the VAT Act);
    `active_vat_payers`: seller and buyer are both registered as such.
    """

    account: str
    recipient: str
    recipient_nip: str | None
    title: str
    split_payment: bool
    active_vat_payers: bool
