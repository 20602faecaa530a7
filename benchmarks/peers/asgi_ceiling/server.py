"""No GraphQL at all: raw ASGI under uvicorn, the same calls to the back office, the same answers by hand.

It shows what Python could reach at all on a core: records are decoded to the columns that are needed,
and the HTTP client (`raw_client.py`) does only what this one stub needs, which no server in earnest could do.
With `CORKED` in the environment it sends as the gateway does (`connectors/corking.py`), else as uvicorn does.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from benchmarks.peers.asgi_ceiling.raw_client import RawClient
from benchmarks.peers.asgi_ceiling.records import (
    Allocation,
    Client,
    Contract,
    Instalment,
    Invoice,
    Page,
    Results,
    Schedule,
)
from benchmarks.peers.invoice_status import local_date
from connectors.corking import corked

CORKED = "CORKED" in os.environ
client = RawClient(os.environ["BACK_OFFICE_URL"], os.environ["BACK_OFFICE_KEY"], corked=CORKED)
encode = msgspec.json.Encoder().encode
question = msgspec.json.Decoder(dict[str, Any]).decode


def decoder(record: Any) -> Any:
    """Decodes results."""
    return msgspec.json.Decoder(Results[record]).decode


clients, contracts, invoices = decoder(Client | None), decoder(Page[Contract]), decoder(Page[Invoice])
schedules, allocations, instalments = (
    decoder(Page[Schedule]), decoder(Page[Allocation]), decoder(Page[Instalment]),
)  # fmt: skip


async def lists(decode: Any, collection: str, by: str, keys: list[str], first: int | None = None) -> Any:
    """Lists by key, aligned."""
    body: dict[str, Any] = {"by": by, "keys": keys, "filter": {}, "first": first}
    return decode(await client.post(f"/v1/{collection}/list", encode(body))).results


async def whose(number: str) -> Any:
    """A client by number."""
    return decode_client(await client.post("/v1/clients/get", encode({"by": "number", "keys": [number]})))


def decode_client(body: bytes) -> Any:
    """The one client of an answer."""
    return clients(body).results[0]


def status(record: Invoice) -> str:
    """Where an invoice stands."""
    if record.state != "OPEN":
        return record.state
    due = float(record.amount_due) > 0
    if due and local_date(record.as_of) > record.due_date:
        return "OVERDUE"
    return "PARTIALLY_SETTLED" if due and float(record.settled_amount) > 0 else "ISSUED"


def invoice(record: Invoice) -> dict[str, Any]:
    """What is asked of an invoice."""
    return {
        "number": record.number,
        "issueDate": record.issue_date,
        "dueDate": record.due_date,
        "gross": {"amount": record.gross, "currency": record.currency},
        "amountDue": {"amount": record.amount_due},
        "status": status(record),
    }


def allocation(record: Allocation) -> dict[str, Any]:
    """What is asked of an allocation."""
    return {"kind": record.kind, "amount": {"amount": record.amount}, "bookedOn": record.booked_on}


def instalment(record: Instalment) -> dict[str, Any]:
    """What is asked of an instalment."""
    return {
        "number": record.number,
        "dueDate": record.due_date,
        "capital": {"amount": record.capital},
        "interest": {"amount": record.interest},
        "gross": {"amount": record.gross},
        "outstandingCapitalAfter": {"amount": record.outstanding_capital_after},
        "status": record.status,
    }


async def _invoices(contract_numbers: list[str]) -> tuple[Any, Any]:
    pages = await lists(invoices, "invoices", "contract", contract_numbers, 24)
    keys = [record.id for page in pages for record in page.items]
    return pages, iter(await lists(allocations, "allocations", "invoice", keys))


async def _schedules(contract_ids: list[str]) -> tuple[Any, Any]:
    found = [page.items[0] for page in await lists(schedules, "schedules", "contract", contract_ids)]
    return found, await lists(instalments, "instalments", "schedule", [each.id for each in found])


async def large(number: str) -> dict[str, Any]:
    """LARGE: contracts with invoices and allocations, schedules with instalments."""
    whom = await whose(number)
    (page,) = await lists(contracts, "contracts", "client", [number], 10)
    numbers = [record.number for record in page.items]
    (pages, booked), (plans, rows) = await asyncio.gather(
        _invoices(numbers), _schedules([record.id for record in page.items])
    )
    nodes = [
        {
            "number": record.number,
            "status": record.status,
            "invoices": {
                "nodes": [
                    {**invoice(each), "allocations": [allocation(one) for one in next(booked).items]}
                    for each in billed.items
                ]
            },
            "schedule": {"version": plan.version, "instalments": [instalment(row) for row in planned.items]},
        }
        for record, billed, plan, planned in zip(page.items, pages, plans, rows, strict=True)
    ]
    return {"number": whom.number, "name": whom.name, "contracts": {"nodes": nodes}}


async def small(number: str, first: int) -> dict[str, Any]:
    """SMALL: invoices of a client."""
    await whose(number)
    (page,) = await lists(invoices, "invoices", "client", [number], first)
    return {"invoices": {"nodes": [invoice(record) for record in page.items]}}


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """The ASGI application."""
    if scope["method"] != "POST":
        await send({"type": "http.response.start", "status": 405, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    number = next(value for name, value in scope["headers"] if name == b"client-number").decode()
    query = question(body)["query"]
    if "contracts(" in query:
        answer = await large(number)
    else:
        answer = await small(number, int(query.partition("invoices(first: ")[2].partition(")")[0]))
    content = encode({"data": {"viewer": {"clients": {"nodes": [answer]}}}})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


class Protocol(HttpToolsProtocol):
    """uvicorn's, corked as ours is."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(corked(transport, self.loop, lambda: len(self.tasks) < 2))  # type: ignore[arg-type]


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, lifespan="off",
        log_level="warning", http=Protocol if CORKED else "httptools", server_header=False, date_header=False,
    )  # fmt: skip
