"""Contracts: of a client, by id, by number."""

from collections.abc import Sequence
from datetime import date

from connectors.erp.port import Found, Pages
from connectors.erp.queries import ContractFilter, Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from resolvers.loading import loader
from resolvers.operation import Operation
from resolvers.paging import Connection, Keyset

CONTRACTS: Keyset[ContractRecord] = Keyset("contracts", starts_on=date, id=str)


@loader
async def contracts_by_id(op: Operation, ids: Sequence[str]) -> Found[ContractRecord]:
    return await op.backoffice.erp.contracts_by_id(ids)


@loader
async def contracts_by_number(op: Operation, numbers: Sequence[str]) -> Found[ContractRecord]:
    return await op.backoffice.erp.contracts_by_number(numbers)


@loader
async def contracts_by_client(
    op: Operation, numbers: Sequence[str], where: ContractFilter, part: Slice
) -> Pages[ContractRecord]:
    return await op.backoffice.erp.contracts_by_client(numbers, where, part)


@loader
async def contract_counts_by_client(
    op: Operation, numbers: Sequence[str], where: ContractFilter
) -> list[int]:
    return await op.backoffice.erp.contract_counts_by_client(numbers, where)


async def contracts_of_client(
    op: Operation, client: ClientRecord, where: ContractFilter, first: int | None, after: str | None
) -> Connection[ContractRecord]:
    """A client's contracts, newest first."""
    part = CONTRACTS.slice(first, after)
    page = await contracts_by_client.load(op, client.number, where, part)
    return Connection(CONTRACTS, part, page, lambda: contract_counts_by_client.load(op, client.number, where))
