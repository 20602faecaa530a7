"""The root of all queries. Every entry point is nullable: what is not the viewer's to see is null."""

from operator import attrgetter
from typing import Annotated, Any

import strawberry

from execution.reading import CONTEXT
from resolvers import nodes
from resolvers.clients import client_of
from resolvers.contracts import contracts_by_number
from resolvers.invoices import invoices_by_number
from resolvers.searching import find_clients, find_contracts, find_invoices
from resolvers.service_requests.reading import service_requests_by_number
from schema import contract_finding, invoice_finding
from schema.client import Client
from schema.client_finding import ClientFilter, ClientsWhere
from schema.connection import ABSENT, After, Connection, First
from schema.contract import Contract
from schema.fields import ALWAYS, Info, argument
from schema.invoice import Invoice
from schema.node import Node
from schema.noted import noted
from schema.portal import Portal
from schema.service_request import ServiceRequest
from schema.viewer import Viewer

Id = Annotated[strawberry.ID, argument("An id that this graph gave.")]


def _viewer(info: Info) -> Any:
    return info.context.viewer


def _portal(info: Info) -> Any:
    return info.context.portal


async def _node(info: Info, id: Id) -> Any:
    return await nodes.node(info.context, id)


async def _nodes(
    info: Info, ids: Annotated[list[strawberry.ID], argument("At most 100 ids that this graph gave.")]
) -> Any:
    return await nodes.nodes(info.context, ids)


async def _client(info: Info, number: Annotated[str, argument("Client number.")]) -> Any:
    return await client_of(info.context, number)


async def _clients(
    info: Info, filter: ClientsWhere = ABSENT, first: First = 20, after: After = ABSENT
) -> Any:
    return await find_clients(info.context, ClientFilter.conditions(filter), first, after or None)


async def _contract(info: Info, number: Annotated[str, argument("Contract number.")]) -> Any:
    return await contracts_by_number.load(info.context, number)


async def _invoice(info: Info, number: Annotated[str, argument("Invoice number.")]) -> Any:
    return await invoices_by_number.load(info.context, number)


async def _service_request(info: Info, number: Annotated[str, argument("Request number.")]) -> Any:
    return await service_requests_by_number.load(info.context, number)


@noted
@strawberry.type(description="Where every query begins.")
class Query:
    viewer: Viewer | None = strawberry.field(
        resolver=_viewer,
        description="Who is logged in; null when nobody is, and for an internal tool.",
        metadata={**ALWAYS, CONTEXT: attrgetter("viewer")},
    )
    portal: Portal | None = strawberry.field(
        resolver=_portal,
        description="What anybody may know of the portal, logged in or not.",
        metadata={**ALWAYS, CONTEXT: attrgetter("portal")},
    )
    node: Node | None = strawberry.field(
        resolver=_node, description="An object by its id; null if there is none that you may see."
    )
    nodes: list[Node | None] | None = strawberry.field(
        resolver=_nodes, description="Objects by their ids, in order; null where `node` would be."
    )
    client: Client | None = strawberry.field(
        resolver=_client, description="A client by its number.", metadata=ALWAYS
    )
    contract: Contract | None = strawberry.field(
        resolver=_contract, description="A contract by its number.", metadata=ALWAYS
    )
    invoice: Invoice | None = strawberry.field(
        resolver=_invoice, description="An invoice by its number.", metadata=ALWAYS
    )
    service_request: ServiceRequest | None = strawberry.field(
        resolver=_service_request, description="A service request by its number."
    )
    clients: Connection[Client] | None = strawberry.field(
        resolver=_clients, description="Clients by number; for internal tools with the scope `clients:read`."
    )
    contracts: Connection[Contract] | None = contract_finding.listing(
        find_contracts,
        "Contracts of all clients, newest first unless `orderBy` says otherwise; for internal"
        " tools with the scope `contracts:read`.",
    )
    invoices: Connection[Invoice] | None = invoice_finding.listing(
        find_invoices,
        "Invoices of all clients, newest first unless `orderBy` says otherwise; for internal"
        " tools with the scope `invoices:read`.",
    )
