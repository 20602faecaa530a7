"""Clients, as far as the viewer acts for them."""

from collections.abc import Sequence
from typing import Any

from connectors.batch import Page
from connectors.erp.records.client import BalanceRecord, ClientRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset
from resolvers.relation import Relation, items

CLIENTS: Keyset[ClientRecord] = Keyset("clients", number=str)


clients_by_number: Loader[ClientRecord | None] = asking(
    ClientRecord, lambda op: op.backoffice.clients.clients_by_number
)
balances_by_client: Loader[Page[BalanceRecord | MalformedRecord]] = asking(
    BalanceRecord, lambda op: op.backoffice.books.balances_by_client
)


async def clients_of_viewer(op: Operation, first: int | None, after: str | None) -> Connection[ClientRecord]:
    """The viewer's clients by number; a group's user has several."""
    part = CLIENTS.slice(first, after)
    numbers = sorted(op.viewer.client_numbers) if op.viewer else []
    rest = numbers if part.after is None else [number for number in numbers if (number,) > part.after]
    chosen = rest[: part.first]
    found = await clients_by_number.load_each(op, chosen)

    async def count() -> int:
        return len(numbers)

    page = Page(
        items=[client for client in found if client is not None],
        has_next=len(rest) > len(chosen),
        next=(chosen[-1],) if chosen else None,
    )
    return Connection(CLIENTS, part, page, count)


async def client_of(op: Operation, number: str) -> ClientRecord | None:
    """A client by number, if the viewer may see it."""
    return await clients_by_number.load(op, number)


balances_of: Relation[ClientRecord, Sequence[BalanceRecord | MalformedRecord]] = Relation(
    balances_by_client, "number", items
)
"""One balance per currency, never mixed."""

client_of_record: Relation[Any, ClientRecord | None] = Relation(clients_by_number, "client_number")
"""The client that a record belongs to."""
