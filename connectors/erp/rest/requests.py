"""Service requests and quotes over the REST contract."""

import msgspec

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import Slice
from connectors.erp.records.quote import QuoteRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.rest.collection import Asked, Collection
from connectors.erp.rest.writing import Refusals, read, write
from connectors.erp.submission import (
    FeeRefused,
    IdempotencyKeyReused,
    OutcomeUnknown,
    StatusRefused,
    Submission,
)
from connectors.errors import MalformedAnswer, UpstreamTimeout, UpstreamUnavailable
from connectors.http import UpstreamClient

_REFUSALS: Refusals = {
    "IDEMPOTENCY_CONFLICT": IdempotencyKeyReused,
    "FEE_CHANGED": FeeRefused,
    "STATUS_NOT_ALLOWED": StatusRefused,
    "OFFER_EXPIRED": StatusRefused,
}
_encode = msgspec.json.Encoder().encode


class Channels(msgspec.Struct, frozen=True):
    """The filter of quotes."""

    channels: tuple[str, ...]


_PORTAL = Channels(("PORTAL",))


class RestRequests:
    """See `connectors.erp.ports.requests.RequestPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._sender = http
        self._quotes = Collection(http, "quotes", "quote", QuoteRecord)
        self._requests = Collection(http, "requests", "service request", ServiceRequestRecord)
        self._record = msgspec.json.Decoder(ServiceRequestRecord)

    def quotes_by_contract(self, numbers: Keys) -> Asked[Pages[QuoteRecord]]:
        return self._quotes.pages("contract", numbers, by("contract_number"), where=_PORTAL)

    def quotes_by_client(self, numbers: Keys) -> Asked[Pages[QuoteRecord]]:
        return self._quotes.pages("client", numbers, by("client_number"), where=_PORTAL)

    def service_requests_by_id(self, ids: Keys) -> Asked[Found[ServiceRequestRecord]]:
        return self._requests.get("id", ids, by("id"))

    def service_requests_by_number(self, numbers: Keys) -> Asked[Found[ServiceRequestRecord]]:
        return self._requests.get("number", numbers, by("number"))

    def service_requests_by_client(self, numbers: Keys, part: Slice) -> Asked[Pages[ServiceRequestRecord]]:
        return self._requests.pages("client", numbers, by("client_number"), part)

    def service_request_counts_by_client(self, numbers: Keys) -> Asked[list[int]]:
        return self._requests.count("client", numbers)

    def service_requests_by_idempotency_key(self, keys: Keys) -> Asked[Found[ServiceRequestRecord]]:
        return self._requests.get("idempotencyKey", keys, lambda record, key: bool(record and key))

    async def submit_service_request(self, key: str, submission: Submission) -> ServiceRequestRecord:
        headers = {"Idempotency-Key": key}
        try:
            body = await write(self._sender, "/v1/requests", _encode(submission), _REFUSALS, headers)
        except (UpstreamTimeout, UpstreamUnavailable) as error:
            if not error.sent:
                raise
            raise OutcomeUnknown(error) from error
        return self._read(body, submission.client_number)

    async def cancel_service_request(self, key: str, client_number: str, by: str) -> ServiceRequestRecord:
        return await self._step(key, "cancel", client_number, by)

    async def accept_service_request(self, key: str, client_number: str, by: str) -> ServiceRequestRecord:
        return await self._step(key, "accept", client_number, by)

    async def _step(self, key: str, step: str, client_number: str, by: str) -> ServiceRequestRecord:
        body = _encode({"clientNumber": client_number, "by": by})
        answer = await write(self._sender, f"/v1/requests/{key}/{step}", body, _REFUSALS)
        return self._read(answer, client_number)

    def _read(self, body: bytes, client_number: str) -> ServiceRequestRecord:
        record = read(self._sender, self._record, body)
        if record.client_number != client_number:
            raise MalformedAnswer(self._sender.system)
        return record
