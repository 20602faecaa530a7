"""Submitting a request: once for each key, at today's fee, by who may, about what they may see."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.quote import NotAvailable, QuoteRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.submission import FeeRefused, IdempotencyKeyReused, Submission
from connectors.errors import UpstreamError
from resolvers import nodes
from resolvers.operation import Operation
from resolvers.permissions import Subject, may_ask
from resolvers.service_requests.attachments import attachments, keep
from resolvers.service_requests.case import Case, Kind
from resolvers.service_requests.quotes import quote_now
from resolvers.settlement import local_date
from resolvers.user_errors import (
    FeeChanged,
    IdempotencyConflict,
    InvalidInput,
    NotEligible,
    NotFound,
    NotPermitted,
    UserError,
)

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The request, or what the user has to mend."""

    service_request: ServiceRequestRecord | None = None
    errors: Sequence[UserError] = ()


def scoped_key(client_number: str, key: str) -> str:
    """The key that the ERP gets: two clients' equal keys are two keys."""
    return hashlib.sha256(f"{client_number}:{key}".encode()).hexdigest()


def key_errors(given: Any) -> list[UserError]:
    """What is wrong with the idempotency key of an input."""
    if _KEY.fullmatch(given.idempotency_key):
        return []
    message = "'idempotencyKey' must be 8 to 64 of A-Z a-z 0-9 -."
    return [InvalidInput(message=message, path=("input", "idempotencyKey"))]


async def submit(op: Operation, kind: Kind, given: Any) -> Outcome:
    """Makes the request. An UpstreamError says whether the same may be sent again."""
    if op.viewer is None or not may_ask(op.viewer, kind.subject):
        return refused(NotPermitted(message="You may not submit this kind of request."))
    name, type_name, value = (
        ("contractId", "Contract", getattr(given, "contract_id", ""))
        if kind.subject is Subject.CONTRACT
        else ("clientId", "Client", getattr(given, "client_id", ""))
    )
    about: ClientRecord | ContractRecord | None = await nodes.of_type(op, type_name, value)
    if about is None:
        message = f"'{name}' names nothing that you may see."
        return refused(NotFound(message=message, path=("input", name)))
    if bad_key := key_errors(given):
        return refused(*bad_key)
    number = about.client_number if isinstance(about, ContractRecord) else about.number
    key = scoped_key(number, given.idempotency_key)
    office = op.backoffice.requests
    quote, (earlier,) = await asyncio.gather(
        quote_now(op, kind.code, about), office.service_requests_by_idempotency_key([key])
    )
    if isinstance(earlier, UpstreamError):
        raise earlier
    case = Case(op, given, number, about, local_date(about.as_of), quote.terms if quote else {})
    details, taken = await kind.details(case), await attachments(case)
    # What was taken once is not judged by another day's rules: the ERP says whether it is the same.
    if not earlier:
        if errors := _errors(case, quote):
            return Outcome(errors=errors)
        await keep(case, taken)
        if case.errors:
            return Outcome(errors=case.errors)
    contract_number = about.number if isinstance(about, ContractRecord) else None
    fee = given.accepted_fee.amount.quantize(Decimal("0.01"))
    submission = Submission(number, kind.code.value, contract_number, op.viewer.login, details, fee, taken)
    try:
        return Outcome(await office.submit_service_request(key, submission))
    except IdempotencyKeyReused:
        message = "'idempotencyKey' was used for another request."
        return refused(IdempotencyConflict(message=message, path=("input", "idempotencyKey")))
    except FeeRefused:
        quote = await quote_now(op, kind.code, about)
        return refused(_fee_changed(quote) if quote else _not_taken(None))


def refused(*errors: UserError) -> Outcome:
    """No request, but what has to be mended."""
    return Outcome(errors=errors)


def _errors(case: Case, quote: QuoteRecord | None) -> list[UserError]:
    if quote is None or quote.reason is not None:
        return [_not_taken(quote)]
    accepted = case.given.accepted_fee
    if accepted.amount != quote.gross or accepted.currency != quote.currency:
        return [*case.errors, _fee_changed(quote)]
    return case.errors


def _fee_changed(quote: QuoteRecord) -> FeeChanged:
    message = f"The fee is {quote.gross} {quote.currency} today."
    return FeeChanged(message=message, path=("input", "acceptedFee"), fee=quote.fee)


def _not_taken(quote: QuoteRecord | None) -> NotEligible:
    reason = quote.reason if quote and quote.reason else NotAvailable.UNKNOWN
    return NotEligible(message="This request can't be made now.", reason=reason)
