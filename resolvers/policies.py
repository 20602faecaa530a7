"""Insurance policies of contracts."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.relation import Relation, items

policies_by_id: Loader[PolicyRecord | None] = asking(
    PolicyRecord, lambda op: op.backoffice.contracts.policies_by_id
)
policies_by_number: Loader[PolicyRecord | None] = asking(
    PolicyRecord, lambda op: op.backoffice.contracts.policies_by_number
)
policies_by_contract: Loader[Page[PolicyRecord | MalformedRecord]] = asking(
    PolicyRecord, lambda op: op.backoffice.contracts.policies_by_contract
)


policies_of: Relation[ContractRecord, Sequence[PolicyRecord | MalformedRecord]] = Relation(
    policies_by_contract, "id", items
)
"""A contract's policies, the one that ends last first."""
