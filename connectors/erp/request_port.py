"""The part of the ERP port about service requests, what they cost, and the policies that some are about."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from connectors.batch import Page
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.quote import QuoteRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.submission import Submission
from connectors.errors import MalformedRecord

Quotes: TypeAlias = list[Page[QuoteRecord | MalformedRecord]]
Policies: TypeAlias = list[Page[PolicyRecord | MalformedRecord]]


class RequestPort(Protocol):
    """Reads are aligned to their keys, as in `connectors.erp.port`. Writes are never repeated."""

    async def quotes_by_contract(self, ids: Sequence[str]) -> Quotes:
        """What each kind about a contract costs through the portal today, for each contract."""

    async def quotes_by_client(self, numbers: Sequence[str]) -> Quotes:
        """What each kind without a contract costs through the portal today, for each client."""

    async def policies_by_id(self, ids: Sequence[str]) -> list[PolicyRecord | MalformedRecord | None]:
        """Policies by the ERP's id."""

    async def policies_by_contract(self, ids: Sequence[str]) -> Policies:
        """All policies of each contract, the one that ends last first."""

    async def service_requests_by_idempotency_key(
        self, keys: Sequence[str]
    ) -> list[ServiceRequestRecord | MalformedRecord | None]:
        """The requests that were submitted with these keys."""

    async def submit_service_request(self, key: str, submission: Submission) -> ServiceRequestRecord:
        """Makes a request, once for each key. Raises IdempotencyKeyReused, FeeRefused, OutcomeUnknown."""

    async def cancel_service_request(self, key: str, client_number: str, by: str) -> ServiceRequestRecord:
        """Withdraws a request, by its id. Raises StatusRefused."""

    async def accept_service_request(self, key: str, client_number: str, by: str) -> ServiceRequestRecord:
        """Accepts the offer of a request, by its id. Raises StatusRefused."""
