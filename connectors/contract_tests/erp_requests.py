"""What every system keeps that takes requests: see `connectors.erp.ports.requests.RequestPort`."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

import msgspec
import pytest

from connectors.contract_tests.data.erp import RequestsData
from connectors.contract_tests.erp import PART, ErpPartContract, Paged, bare
from connectors.contract_tests.keys import whole
from connectors.erp.ports.requests import RequestPort
from connectors.erp.records.request import RequestKind, RequestStatus, ServiceRequestRecord
from connectors.erp.submission import FeeRefused, IdempotencyKeyReused, StatusRefused, Submission
from connectors.errors import UpstreamError, UpstreamRejected


def by_submission(record: ServiceRequestRecord) -> tuple[str, ...]:
    """Where a request stands in its list."""
    moment = record.submitted_at.astimezone(UTC).isoformat(timespec="microseconds")
    return moment.replace("+00:00", "Z"), record.id


class RequestsContract(ErpPartContract[RequestPort, RequestsData]):
    """Requests and quotes, and submitting once. What it submits stays in the system, withdrawn."""

    METHODS: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "quotes_by_contract": (),
        "quotes_by_client": (),
        "service_requests_by_id": (),
        "service_requests_by_number": (),
        "service_requests_by_client": (PART,),
        "service_request_counts_by_client": (),
        "service_requests_by_idempotency_key": (),
    }
    LISTS: ClassVar[Mapping[str, Paged]] = {
        "service_requests_by_client": Paged("service_request_counts_by_client", by_submission)
    }

    @pytest.fixture
    def data(self) -> RequestsData:
        """Two clients with a contract each."""
        return RequestsData()

    async def known(self, port: RequestPort, data: RequestsData) -> Mapping[str, Sequence[str]]:
        clients = (data.client, data.other)
        keys = [f"contract-test-{client}" for client in clients]
        made = [
            await port.submit_service_request(key, _opinion(data, client))
            for key, client in zip(keys, clients, strict=True)
        ]
        return {
            **dict.fromkeys(self.METHODS, clients),
            "quotes_by_contract": (data.contract, data.other_contract),
            "service_requests_by_id": [each.id for each in made],
            "service_requests_by_number": [each.number for each in made],
            "service_requests_by_idempotency_key": keys,
        }

    async def test_quotes_say_what_each_kind_costs(self, port: RequestPort, data: RequestsData) -> None:
        (page,) = await port.quotes_by_contract([data.contract])
        quotes = whole(page.items)
        assert len({each.kind for each in quotes}) == len(quotes)
        for each in quotes:
            assert each.kind is not RequestKind.UNKNOWN
            assert each.net + each.vat == each.gross
            assert each.contract_number == data.contract
        (page,) = await port.quotes_by_client([data.client])
        opinion = {each.kind: each for each in whole(page.items)}[RequestKind.COOPERATION_OPINION]
        assert (opinion.gross, opinion.contract_number) == (data.opinion_fee, None)

    async def test_a_request_is_made_once_for_each_key(self, port: RequestPort, data: RequestsData) -> None:
        key, wanted = uuid4().hex, _opinion(data, data.client)
        (before,) = await port.service_request_counts_by_client([data.client])
        first = await port.submit_service_request(key, wanted)
        again = await port.submit_service_request(key, wanted)
        assert bare([again]) == bare([first])
        assert bare(await port.service_requests_by_idempotency_key([key])) == bare([first])
        assert await port.service_request_counts_by_client([data.client]) == [before + 1]
        assert (first.client_number, first.kind) == (data.client, RequestKind.COOPERATION_OPINION)
        assert (first.status, first.submitted_by) == (RequestStatus.SUBMITTED, data.client)
        assert first.fee is not None
        assert first.fee.gross == data.opinion_fee
        assert [each.status for each in first.history] == [RequestStatus.SUBMITTED]
        with pytest.raises(IdempotencyKeyReused):
            await port.submit_service_request(key, msgspec.structs.replace(wanted, details={}))
        with pytest.raises(StatusRefused):
            await port.accept_service_request(first.id, data.client, data.client)
        with pytest.raises(UpstreamRejected):
            await port.cancel_service_request(first.id, data.other, data.other)
        withdrawn = await port.cancel_service_request(first.id, data.client, data.client)
        assert (withdrawn.id, withdrawn.status) == (first.id, RequestStatus.CANCELLED)

    async def test_another_fee_makes_no_request(self, port: RequestPort, data: RequestsData) -> None:
        key, wanted = uuid4().hex, _opinion(data, data.client)
        with pytest.raises(FeeRefused):
            await port.submit_service_request(
                key, msgspec.structs.replace(wanted, accepted_fee=Decimal("1.00"))
            )
        assert await port.service_requests_by_idempotency_key([key]) == [None]

    async def test_a_write_that_nobody_answers_is_no_success(
        self, unreachable: RequestPort, data: RequestsData
    ) -> None:
        with pytest.raises(UpstreamError) as error:
            await unreachable.submit_service_request(uuid4().hex, _opinion(data, data.client))
        assert not isinstance(error.value, UpstreamRejected)


def _opinion(data: RequestsData, client: str) -> Submission:
    details = {"purpose": "contract test"}
    return Submission(client, "COOPERATION_OPINION", None, client, details, data.opinion_fee)
