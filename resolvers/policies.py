"""Insurance policies of contracts."""

from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.operation import Operation

policies_by_id: Loader[PolicyRecord | None] = asking(
    PolicyRecord, lambda op: op.backoffice.erp.policies_by_id
)
policies_by_contract: Loader[Page[PolicyRecord | MalformedRecord]] = asking(
    PolicyRecord, lambda op: op.backoffice.erp.policies_by_contract
)


async def policies_of(op: Operation, contract: ContractRecord) -> Sequence[PolicyRecord | MalformedRecord]:
    """A contract's policies, the one that ends last first."""
    return (await policies_by_contract.load(op, contract.id)).items
