"""Writing service requests: what is sent, and what the ERP may refuse."""

from decimal import Decimal
from typing import Any

import msgspec

from connectors.errors import UpstreamError, UpstreamRejected

SEND_AGAIN = (
    "It is not known whether it took the request: send the same again with the same idempotencyKey,"
    " and there will be one request."
)


class Submission(msgspec.Struct, frozen=True, rename="camel"):
    """A request to be made. `accepted_fee` is gross, in PLN; `attachment_ids` are the document store's."""

    client_number: str
    kind: str
    contract_number: str | None
    submitted_by: str
    details: Any
    accepted_fee: Decimal
    attachment_ids: tuple[str, ...] = ()


class IdempotencyKeyReused(UpstreamRejected):
    """The key was used with another body."""


class FeeRefused(UpstreamRejected):
    """The accepted fee is not today's."""


class StatusRefused(UpstreamRejected):
    """The request is in a status that does not allow the step."""


class OutcomeUnknown(UpstreamError):
    """Sent, but not answered: the ERP may have taken the request or not."""

    def __init__(self, error: UpstreamError) -> None:
        super().__init__(error.system, f"{error} {SEND_AGAIN}")
        self.code = error.code  # type: ignore[misc] # the same to a caller as the error behind it
