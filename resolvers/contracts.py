"""Contracts: of a client, by id, by number."""

from connectors.erp.queries import ContractFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.settlement import ContractBalanceRecord
from resolvers.contract_finding import CONTRACTS, NEWEST, ContractOrder, checked, keyset_of
from resolvers.listing import Listing
from resolvers.loading import Loader, asking
from resolvers.operation import Operation
from resolvers.paging import Connection

contracts_by_id: Loader[ContractRecord | None] = asking(
    ContractRecord, lambda op: op.backoffice.erp.contracts_by_id
)
contracts_by_number: Loader[ContractRecord | None] = asking(
    ContractRecord, lambda op: op.backoffice.erp.contracts_by_number
)
contract_balances_by_contract: Loader[ContractBalanceRecord | None] = asking(
    ContractBalanceRecord, lambda op: op.backoffice.erp.contract_balances_by_contract
)
contracts_by_client = Listing(
    CONTRACTS,
    asking(ContractRecord, lambda op: op.backoffice.erp.contracts_by_client),
    asking(ContractRecord, lambda op: op.backoffice.erp.contract_counts_by_client),
)


async def contracts_of_client(
    op: Operation,
    client: ClientRecord,
    where: ContractFilter,
    first: int | None,
    after: str | None,
    order: ContractOrder = NEWEST,
) -> Connection[ContractRecord]:
    """A client's contracts, newest first unless another order is asked for."""
    listing = contracts_by_client.sorted(keyset_of(order))
    return await listing.connect(op, client.number, first, after, checked(where))


async def balance_of_contract(op: Operation, contract: ContractRecord) -> ContractBalanceRecord | None:
    """What is due on a contract."""
    return await contract_balances_by_contract.load(op, contract.id)
