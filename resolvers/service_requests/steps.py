"""What a client may do with a request that was submitted: withdraw it, or accept its offer."""

from collections.abc import Awaitable, Callable

from connectors.erp.ports.requests import RequestPort
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.submission import StatusRefused
from resolvers import nodes
from resolvers.operation import Operation
from resolvers.permissions import Subject, may_ask, may_ask_anything
from resolvers.service_requests.submission import Outcome, refused
from resolvers.user_errors import NotFound, NotPermitted, StatusNotAllowed

Step = Callable[[RequestPort, str, str, str], Awaitable[ServiceRequestRecord]]


async def cancel(op: Operation, value: str) -> Outcome:
    """Withdraws a request, by its global id; the ERP decides whether its status allows it."""
    message = "It can no longer be cancelled."
    return await _take(op, value, lambda office, *named: office.cancel_service_request(*named), message)


async def accept_offer(op: Operation, value: str) -> Outcome:
    """Accepts the offer of a request; the ERP decides whether there is one that is still good."""
    message = "There is no offer that can be accepted now."
    return await _take(op, value, lambda office, *named: office.accept_service_request(*named), message)


async def _take(op: Operation, value: str, step: Step, refusal: str) -> Outcome:
    not_permitted = NotPermitted(message="You may not do this with the request.")
    if op.viewer is None or not may_ask_anything(op.viewer):
        return refused(not_permitted)
    request: ServiceRequestRecord | None = await nodes.of_type(op, "ServiceRequest", value)
    if request is None:
        return refused(NotFound(message="'id' names nothing that you may see.", path=("input", "id")))
    if not may_ask(op.viewer, Subject.CONTRACT if request.contract_number else Subject.CLIENT):
        return refused(not_permitted)
    try:
        return Outcome(await step(op.backoffice.requests, request.id, request.client_number, op.viewer.login))
    except StatusRefused:
        return refused(StatusNotAllowed(message=refusal, path=("input", "id"), status=request.status))
