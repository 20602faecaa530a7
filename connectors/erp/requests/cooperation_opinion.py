"""An opinion on the cooperation so far."""

import msgspec

from connectors.erp.requests.shared import PaperDelivery, PaperLanguage


class CooperationOpinionDetails(msgspec.Struct, frozen=True, rename="camel"):
    """`contract_numbers` is None for all contracts."""

    contract_numbers: tuple[str, ...] | None = None
    purpose: str | None = None
    addressee: str | None = None
    language: PaperLanguage | None = None
    delivery: PaperDelivery | None = None
