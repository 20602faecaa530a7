"""Ariadne on its ASGI application, with what makes it quicker: parsed and checked documents are kept,
records stay dicts, aiohttp asks and msgspec decodes.

`PORT` is where it listens, `BACK_OFFICE_URL` and `BACK_OFFICE_KEY` are whom it asks.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import aiohttp
import ariadne
import msgspec
import uvicorn
from aiodataloader import DataLoader
from ariadne.asgi import GraphQL
from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

from benchmarks.peers.invoice_status import invoice_status

PEERS = Path(__file__).parent.parent
Record = dict[str, Any]
KEPT = 1000
"""Documents."""

encode, decode = msgspec.json.encode, msgspec.json.Decoder(dict[str, Any]).decode
sessions: list[aiohttp.ClientSession] = []


async def ask(collection: str, verb: str, question: Record) -> Any:
    """The results of a read of the back office."""
    if not sessions:
        headers = {
            "Authorization": f"Bearer {os.environ['BACK_OFFICE_KEY']}",
            "Content-Type": "application/json",
        }
        sessions.append(
            aiohttp.ClientSession(
                os.environ["BACK_OFFICE_URL"],
                headers=headers,
                connector=aiohttp.TCPConnector(limit=20),
                cookie_jar=aiohttp.DummyCookieJar(),
                read_bufsize=1 << 20,
            )
        )
    async with sessions[0].post(f"/v1/{collection}/{verb}", data=encode(question)) as answer:
        answer.raise_for_status()
        return decode(await answer.read())["results"]


class Loaders:
    """The loaders of a request."""

    def __init__(self, client: str) -> None:
        self.client = client
        self.clients = self._loader("clients", "get", {"by": "number"})
        self.schedules = self._whole("schedules", "contract")
        self.allocations = self._whole("allocations", "invoice")
        self.instalments = self._whole("instalments", "schedule")
        self._pages: dict[tuple[str, str, int], DataLoader[str, Any]] = {}

    def page(self, collection: str, by: str, first: int) -> "DataLoader[str, Any]":
        """Loads the first records of lists."""
        place = collection, by, first
        if place not in self._pages:
            question = {"by": by, "filter": {}, "first": first, "after": None}
            self._pages[place] = self._loader(collection, "list", question)
        return self._pages[place]

    def _whole(self, collection: str, by: str) -> "DataLoader[str, Any]":
        return self._loader(collection, "list", {"by": by, "filter": {}, "first": None})

    def _loader(self, collection: str, verb: str, question: Record) -> "DataLoader[str, Any]":
        async def load(keys: list[str]) -> Any:
            return await ask(collection, verb, {**question, "keys": keys})

        return DataLoader(load)


def money(name: str) -> Any:
    """Resolves an amount of a record."""
    return lambda record, _info: {"amount": record[name], "currency": record["currency"]}


query, viewer = ariadne.QueryType(), ariadne.ObjectType("Viewer")
client, contract = ariadne.ObjectType("Client"), ariadne.ObjectType("Contract")
schedule, invoice = ariadne.ObjectType("Schedule"), ariadne.ObjectType("Invoice")
allocation, instalment = ariadne.ObjectType("Allocation"), ariadne.ObjectType("Instalment")

query.set_field("viewer", lambda *_: {})
for kind, names in (
    (invoice, ("gross", "amountDue")),
    (allocation, ("amount",)),
    (instalment, ("capital", "interest", "gross", "outstandingCapitalAfter")),
):
    for name in names:
        kind.set_field(name, money(name))
invoice.set_field("status", lambda record, _info: invoice_status(record))


async def _clients(_viewer: Any, info: Any, first: int) -> Any:
    return {"nodes": [await info.context.clients.load(info.context.client)][:first]}


async def _contracts(record: Record, info: Any, first: int) -> Any:
    return {"nodes": (await info.context.page("contracts", "client", first).load(record["number"]))["items"]}


async def _invoices_of_client(record: Record, info: Any, first: int) -> Any:
    return {"nodes": (await info.context.page("invoices", "client", first).load(record["number"]))["items"]}


async def _invoices_of_contract(record: Record, info: Any, first: int) -> Any:
    return {"nodes": (await info.context.page("invoices", "contract", first).load(record["number"]))["items"]}


async def _schedule(record: Record, info: Any) -> Any:
    return next(iter((await info.context.schedules.load(record["id"]))["items"]), None)


async def _instalments(record: Record, info: Any) -> Any:
    return (await info.context.instalments.load(record["id"]))["items"]


async def _allocations(record: Record, info: Any) -> Any:
    return (await info.context.allocations.load(record["id"]))["items"]


viewer.set_field("clients", _clients)
client.set_field("contracts", _contracts)
client.set_field("invoices", _invoices_of_client)
contract.set_field("invoices", _invoices_of_contract)
contract.set_field("schedule", _schedule)
schedule.set_field("instalments", _instalments)
invoice.set_field("allocations", _allocations)

schema = ariadne.make_executable_schema(
    (PEERS / "subset.graphql").read_text(),
    query, viewer, client, contract, schedule, invoice, allocation, instalment,
)  # fmt: skip


@lru_cache(KEPT)
def parsed(source: str) -> DocumentNode:
    """A document, parsed once."""
    return parse(source)


checked: dict[int, tuple[DocumentNode, list[GraphQLError]]] = {}


def validator(schema: GraphQLSchema, document: DocumentNode, *_: Any, **__: Any) -> list[GraphQLError]:
    """What is wrong with a document, found out once."""
    key = id(document)
    if key not in checked:
        if len(checked) > KEPT:
            checked.clear()
        checked[key] = document, validate(schema, document)
    return checked[key][1]


app = GraphQL(
    schema,
    context_value=lambda request, _data: Loaders(request.headers["client-number"]),
    query_parser=lambda _context, data: parsed(data["query"]),
    query_validator=cast("Any", validator),
    introspection=False,
    explorer=None,
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
