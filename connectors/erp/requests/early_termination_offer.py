"""An offer for ending a contract early."""

from datetime import date

import msgspec

from connectors.record import Code


class TerminationMode(Code):
    """What becomes of the asset."""

    BUY_OUT = "BUY_OUT"
    RETURN = "RETURN"
    THIRD_PARTY = "THIRD_PARTY"
    UNKNOWN = "UNKNOWN"


class EarlyTerminationOfferDetails(msgspec.Struct, frozen=True, rename="camel"):
    """`buyer_nip` is the tax number of the third party that buys."""

    termination_date: date | None = None
    mode: TerminationMode | None = None
    buyer_nip: str | None = None
