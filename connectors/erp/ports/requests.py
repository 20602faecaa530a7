"""Service requests, and what they cost."""

from typing import Protocol

from connectors.erp.port import ErpPart, Found, Keys, Pages
from connectors.erp.queries import Slice
from connectors.erp.records.quote import QuoteRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.submission import Submission


class RequestPort(ErpPart, Protocol):
    """Requests of clients. Contracts are known here by their numbers. Writes are never repeated."""

    async def quotes_by_contract(self, numbers: Keys) -> Pages[QuoteRecord]:
        """What each kind about a contract costs through the portal today, by contract number."""

    async def quotes_by_client(self, numbers: Keys) -> Pages[QuoteRecord]:
        """What each kind without a contract costs through the portal today, for each client."""

    async def service_requests_by_id(self, ids: Keys) -> Found[ServiceRequestRecord]:
        """Service requests by the ERP's id."""

    async def service_requests_by_number(self, numbers: Keys) -> Found[ServiceRequestRecord]:
        """Service requests by number."""

    async def service_requests_by_client(self, numbers: Keys, part: Slice) -> Pages[ServiceRequestRecord]:
        """Service requests of each client, newest first."""

    async def service_request_counts_by_client(self, numbers: Keys) -> list[int]:
        """How many service requests each client made."""

    async def service_requests_by_idempotency_key(self, keys: Keys) -> Found[ServiceRequestRecord]:
        """The requests that were submitted with these keys."""

    async def submit_service_request(self, key: str, submission: Submission) -> ServiceRequestRecord:
        """Makes a request, once for each key. Raises IdempotencyKeyReused, FeeRefused, OutcomeUnknown."""

    async def cancel_service_request(self, key: str, client_number: str, by: str) -> ServiceRequestRecord:
        """Withdraws a request, by its id. Raises StatusRefused."""

    async def accept_service_request(self, key: str, client_number: str, by: str) -> ServiceRequestRecord:
        """Accepts the offer of a request, by its id. Raises StatusRefused."""
