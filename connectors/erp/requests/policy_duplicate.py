"""A duplicate of an insurance policy."""

import msgspec

from connectors.erp.requests.shared import PaperDelivery


class PolicyDuplicateDetails(msgspec.Struct, frozen=True, rename="camel"):
    policy_number: str | None = None
    delivery: PaperDelivery | None = None
