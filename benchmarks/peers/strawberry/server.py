"""Strawberry as its documentation shows: types, DataLoaders, an ASGI application under uvicorn; httpx asks.

`PORT` is where it listens, `BACK_OFFICE_URL` and `BACK_OFFICE_KEY` are whom it asks.
"""

import os
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import httpx
import strawberry
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader

from benchmarks.peers.invoice_status import invoice_status

back_office = httpx.AsyncClient(
    base_url=os.environ["BACK_OFFICE_URL"],
    headers={"Authorization": f"Bearer {os.environ['BACK_OFFICE_KEY']}"},
    trust_env=False,
    timeout=60,
)

Record = dict[str, Any]
Info = strawberry.Info[dict[str, Any], None]


@strawberry.enum
class AllocationKind(Enum):
    PAYMENT = "PAYMENT"
    OVERPAYMENT = "OVERPAYMENT"
    CORRECTION = "CORRECTION"
    COMPENSATION = "COMPENSATION"
    WRITE_OFF = "WRITE_OFF"
    REVERSAL = "REVERSAL"


@strawberry.enum
class ContractStatus(Enum):
    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    TERMINATED_EARLY = "TERMINATED_EARLY"
    TERMINATED_FOR_CAUSE = "TERMINATED_FOR_CAUSE"
    COMPLETED = "COMPLETED"
    BOUGHT_OUT = "BOUGHT_OUT"
    ASSIGNED = "ASSIGNED"


@strawberry.enum
class InstalmentStatus(Enum):
    PLANNED = "PLANNED"
    INVOICED = "INVOICED"
    SETTLED = "SETTLED"
    OVERDUE = "OVERDUE"


@strawberry.enum
class InvoiceStatus(Enum):
    CANCELLED = "CANCELLED"
    PAID = "PAID"
    OVERDUE = "OVERDUE"
    PARTIALLY_SETTLED = "PARTIALLY_SETTLED"
    ISSUED = "ISSUED"


async def ask(collection: str, verb: str, question: Record) -> Any:
    """The results of a read of the back office."""
    answer = await back_office.post(f"/v1/{collection}/{verb}", json=question)
    answer.raise_for_status()
    return answer.json()["results"]


@strawberry.type
class Money:
    amount: Decimal
    currency: str


def money(record: Record, name: str) -> Money:
    """An amount of a record."""
    return Money(amount=Decimal(record[name]), currency=record["currency"])


@strawberry.type
class Allocation:
    kind: AllocationKind
    amount: Money
    booked_on: date


@strawberry.type
class Invoice:
    id: strawberry.Private[str]
    number: str
    issue_date: date
    due_date: date
    gross: Money
    amount_due: Money
    status: InvoiceStatus

    @strawberry.field
    async def allocations(self, info: Info) -> list[Allocation]:
        found: list[Allocation] = await info.context["allocations"].load(self.id)
        return found


@strawberry.type
class InvoiceConnection:
    nodes: list[Invoice]


@strawberry.type
class Instalment:
    number: int
    due_date: date
    capital: Money
    interest: Money
    gross: Money
    outstanding_capital_after: Money
    status: InstalmentStatus


@strawberry.type
class Schedule:
    id: strawberry.Private[str]
    version: int

    @strawberry.field
    async def instalments(self, info: Info) -> list[Instalment]:
        found: list[Instalment] = await info.context["instalments"].load(self.id)
        return found


@strawberry.type
class Contract:
    id: strawberry.Private[str]
    number: str
    status: ContractStatus

    @strawberry.field
    async def invoices(self, info: Info, first: int = 20) -> InvoiceConnection:
        return InvoiceConnection(nodes=await info.context["invoices_by_contract"].load((self.number, first)))

    @strawberry.field
    async def schedule(self, info: Info) -> Schedule | None:
        found: Schedule | None = await info.context["schedules"].load(self.id)
        return found


@strawberry.type
class ContractConnection:
    nodes: list[Contract]


@strawberry.type
class Client:
    number: str
    name: str

    @strawberry.field
    async def contracts(self, info: Info, first: int = 20) -> ContractConnection:
        return ContractConnection(nodes=await info.context["contracts"].load((self.number, first)))

    @strawberry.field
    async def invoices(self, info: Info, first: int = 20) -> InvoiceConnection:
        return InvoiceConnection(nodes=await info.context["invoices_by_client"].load((self.number, first)))


@strawberry.type
class ClientConnection:
    nodes: list[Client]


@strawberry.type
class Viewer:
    @strawberry.field
    async def clients(self, info: Info, first: int = 20) -> ClientConnection:
        return ClientConnection(nodes=[await info.context["clients"].load(info.context["client"])][:first])


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self) -> Viewer:
        return Viewer()


def invoice(record: Record) -> Invoice:
    """An invoice of its record."""
    return Invoice(
        id=record["id"],
        number=record["number"],
        issue_date=date.fromisoformat(record["issueDate"]),
        due_date=date.fromisoformat(record["dueDate"]),
        gross=money(record, "gross"),
        amount_due=money(record, "amountDue"),
        status=InvoiceStatus[invoice_status(record)],
    )


def contract(record: Record) -> Contract:
    """A contract of its record."""
    return Contract(id=record["id"], number=record["number"], status=ContractStatus[record["status"]])


def allocation(record: Record) -> Allocation:
    """An allocation of its record."""
    return Allocation(
        kind=AllocationKind[record["kind"]],
        amount=money(record, "amount"),
        booked_on=date.fromisoformat(record["bookedOn"]),
    )


def instalment(record: Record) -> Instalment:
    """An instalment of its record."""
    return Instalment(
        number=record["number"],
        due_date=date.fromisoformat(record["dueDate"]),
        capital=money(record, "capital"),
        interest=money(record, "interest"),
        gross=money(record, "gross"),
        outstanding_capital_after=money(record, "outstandingCapitalAfter"),
        status=InstalmentStatus[record["status"]],
    )


async def clients(keys: list[str]) -> list[Client]:
    """Clients by number."""
    found = await ask("clients", "get", {"by": "number", "keys": keys})
    return [Client(number=record["number"], name=record["name"]) for record in found]


def first_of(collection: str, by: str, make: Any) -> Any:
    """Loads lists by key and length; all keys of a level have one length."""

    async def load(keys: list[tuple[str, int]]) -> list[Any]:
        question = {"by": by, "keys": [key for key, _ in keys], "filter": {}, "first": keys[0][1]}
        pages = await ask(collection, "list", {**question, "after": None})
        return [[make(record) for record in page["items"]] for page in pages]

    return load


def whole(collection: str, by: str, make: Any) -> Any:
    """Loads whole lists by key."""

    async def load(keys: list[str]) -> list[Any]:
        pages = await ask(collection, "list", {"by": by, "keys": keys, "filter": {}, "first": None})
        return [[make(record) for record in page["items"]] for page in pages]

    return load


async def schedules(keys: list[str]) -> list[Schedule | None]:
    """The schedules in force, by contract."""
    found = await whole(
        "schedules", "contract", lambda record: Schedule(id=record["id"], version=record["version"])
    )(keys)
    return [versions[0] if versions else None for versions in found]


class Peer(GraphQL[dict[str, Any], None]):
    """The application, with loaders for each request."""

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> dict[str, Any]:
        return {
            "request": request,
            "response": response,
            "client": request.headers["client-number"],
            "clients": DataLoader(load_fn=clients),
            "contracts": DataLoader(load_fn=first_of("contracts", "client", contract)),
            "invoices_by_client": DataLoader(load_fn=first_of("invoices", "client", invoice)),
            "invoices_by_contract": DataLoader(load_fn=first_of("invoices", "contract", invoice)),
            "schedules": DataLoader(load_fn=schedules),
            "allocations": DataLoader(load_fn=whole("allocations", "invoice", allocation)),
            "instalments": DataLoader(load_fn=whole("instalments", "schedule", instalment)),
        }


if __name__ == "__main__":
    uvicorn.run(
        Peer(strawberry.Schema(query=Query)),
        host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning",
    )  # fmt: skip
