"""What requests cost today, and which can be made."""

from collections.abc import Sequence

import msgspec

from connectors.batch import Page
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.quote import NotAvailable, QuoteRecord
from connectors.erp.records.request import RequestKind
from connectors.errors import MalformedRecord, UpstreamError
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.permissions import Subject, may_ask

Quote = QuoteRecord | MalformedRecord
quotes_by_contract: Loader[Page[Quote]] = asking(
    QuoteRecord, lambda op: op.backoffice.requests.quotes_by_contract
)
quotes_by_client: Loader[Page[Quote]] = asking(
    QuoteRecord, lambda op: op.backoffice.requests.quotes_by_client
)


async def available_for_contract(op: Operation, contract: ContractRecord) -> Sequence[Quote]:
    """The kinds about a contract, each with its fee and time, or why it can't be made."""
    page = await quotes_by_contract.load(op, contract.number)
    return _offered(op, Subject.CONTRACT, page)


async def available_for_client(op: Operation, client: ClientRecord) -> Sequence[Quote]:
    """The kinds without a contract, likewise."""
    page = await quotes_by_client.load(op, client.number)
    return _offered(op, Subject.CLIENT, page)


async def quote_now(
    op: Operation, kind: RequestKind, about: ClientRecord | ContractRecord
) -> QuoteRecord | None:
    """Today's quote, asked for anew; None where the back office does not take the kind at all."""
    if isinstance(about, ContractRecord):
        (page,) = await quotes_by_contract.batch(op, [about.number])
    else:
        (page,) = await quotes_by_client.batch(op, [about.number])
    if isinstance(page, UpstreamError):
        raise page
    quotes = page.items if page else ()
    for quote in quotes:
        if isinstance(quote, QuoteRecord) and quote.kind is kind:
            return quote
    for quote in quotes:
        if isinstance(quote, MalformedRecord):
            raise quote  # it might be this kind's
    return None


def _offered(op: Operation, subject: Subject, page: Page[Quote]) -> Sequence[Quote]:
    """A kind that this version does not know has no mutation; a role that may not ask is a reason too.

    A tool reads what the client's own people may ask for.
    """
    known = [q for q in page.items if isinstance(q, MalformedRecord) or q.kind is not RequestKind.UNKNOWN]
    if op.viewer is None or may_ask(op.viewer, subject):
        return known
    return [
        q if isinstance(q, MalformedRecord) else msgspec.structs.replace(q, reason=NotAvailable.ROLE)
        for q in known
    ]
