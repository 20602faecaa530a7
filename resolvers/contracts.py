"""Contracts: of a client, by id, by number."""

from connectors.erp.queries import ContractFilter
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.settlement import ContractBalanceRecord
from resolvers.contract_finding import CONTRACTS, NEWEST, ContractOrder, checked, keyset_of
from resolvers.listing import Asked, Listed, Listing
from resolvers.loading import Loader, asking
from resolvers.relation import Relation

contracts_by_id: Loader[ContractRecord | None] = asking(
    ContractRecord, lambda op: op.backoffice.contracts.contracts_by_id
)
contracts_by_number: Loader[ContractRecord | None] = asking(
    ContractRecord, lambda op: op.backoffice.contracts.contracts_by_number
)
contract_balances_by_contract: Loader[ContractBalanceRecord | None] = asking(
    ContractBalanceRecord, lambda op: op.backoffice.books.contract_balances_by_contract
)
contracts_by_client = Listing(
    CONTRACTS,
    asking(ContractRecord, lambda op: op.backoffice.contracts.contracts_by_client),
    asking(ContractRecord, lambda op: op.backoffice.contracts.contract_counts_by_client),
)


def _found(where: ContractFilter, order: ContractOrder = NEWEST) -> Asked[ContractRecord]:
    return contracts_by_client.sorted(keyset_of(order)), checked(where)


contracts_of_client: Listed[ClientRecord, ContractRecord] = Listed("number", _found)
"""A client's contracts, by a filter, newest first unless another order is asked for."""

balance_of_contract: Relation[ContractRecord, ContractBalanceRecord] = Relation(
    contract_balances_by_contract, "number"
)
"""What is due on a contract."""
