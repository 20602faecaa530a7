"""Contracts, schedules and policies over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import ContractFilter, Slice
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.erp.rest.collection import Asked, Collection, every
from connectors.http import UpstreamClient

_id = by("id")
_number = by("number")
_client = by("client_number")


class RestContracts:
    """See `connectors.erp.ports.contracts.ContractPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._contracts = Collection(http, "contracts", "contract", ContractRecord)
        self._schedules = Collection(http, "schedules", "schedule", ScheduleRecord)
        self._instalments = Collection(http, "instalments", "instalment", InstalmentRecord)
        self._policies = Collection(http, "policies", "policy", PolicyRecord)

    def contracts_by_id(self, ids: Keys) -> Asked[Found[ContractRecord]]:
        return self._contracts.get("id", ids, _id)

    def contracts_by_number(self, numbers: Keys) -> Asked[Found[ContractRecord]]:
        return self._contracts.get("number", numbers, _number)

    def contracts_by_client(
        self, numbers: Keys, where: ContractFilter, part: Slice
    ) -> Asked[Pages[ContractRecord]]:
        return self._contracts.pages("client", numbers, _client, part, where)

    def contract_counts_by_client(self, numbers: Keys, where: ContractFilter) -> Asked[list[int]]:
        return self._contracts.count("client", numbers, where)

    def all_contracts(self, keys: Keys, where: ContractFilter, part: Slice) -> Asked[Pages[ContractRecord]]:
        return self._contracts.pages("all", keys, every, part, where)

    def all_contract_counts(self, keys: Keys, where: ContractFilter) -> Asked[list[int]]:
        return self._contracts.count("all", keys, where)

    def schedules_by_id(self, ids: Keys) -> Asked[Found[ScheduleRecord]]:
        return self._schedules.get("id", ids, _id)

    def schedules_by_contract(self, ids: Keys) -> Asked[Pages[ScheduleRecord]]:
        return self._schedules.pages("contract", ids, by("contract_id"))

    def instalments_by_schedule(self, ids: Keys) -> Asked[Pages[InstalmentRecord]]:
        return self._instalments.pages("schedule", ids, by("schedule_id"))

    def policies_by_id(self, ids: Keys) -> Asked[Found[PolicyRecord]]:
        return self._policies.get("id", ids, _id)

    def policies_by_number(self, numbers: Keys) -> Asked[Found[PolicyRecord]]:
        return self._policies.get("number", numbers, _number)

    def policies_by_contract(self, ids: Keys) -> Asked[Pages[PolicyRecord]]:
        return self._policies.pages("contract", ids, by("contract_id"))
