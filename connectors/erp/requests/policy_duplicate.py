"""A duplicate of an insurance policy."""

import msgspec

from connectors.erp.requests.shared import PaperDelivery


class PolicyDuplicateDetails(msgspec.Struct, frozen=True, rename="camel"):
    """`policy_id` is the ERP's."""

    policy_id: str | None = None
    delivery: PaperDelivery | None = None
