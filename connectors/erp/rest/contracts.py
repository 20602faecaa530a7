"""Contracts, schedules and policies over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import ContractFilter, Slice
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.erp.rest.collection import Collection, every
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

    async def contracts_by_id(self, ids: Keys) -> Found[ContractRecord]:
        return await self._contracts.get("id", ids, _id)

    async def contracts_by_number(self, numbers: Keys) -> Found[ContractRecord]:
        return await self._contracts.get("number", numbers, _number)

    async def contracts_by_client(
        self, numbers: Keys, where: ContractFilter, part: Slice
    ) -> Pages[ContractRecord]:
        return await self._contracts.pages("client", numbers, _client, part, where)

    async def contract_counts_by_client(self, numbers: Keys, where: ContractFilter) -> list[int]:
        return await self._contracts.count("client", numbers, where)

    async def all_contracts(self, keys: Keys, where: ContractFilter, part: Slice) -> Pages[ContractRecord]:
        return await self._contracts.pages("all", keys, every, part, where)

    async def all_contract_counts(self, keys: Keys, where: ContractFilter) -> list[int]:
        return await self._contracts.count("all", keys, where)

    async def schedules_by_id(self, ids: Keys) -> Found[ScheduleRecord]:
        return await self._schedules.get("id", ids, _id)

    async def schedules_by_contract(self, ids: Keys) -> Pages[ScheduleRecord]:
        return await self._schedules.pages("contract", ids, by("contract_id"))

    async def instalments_by_schedule(self, ids: Keys) -> Pages[InstalmentRecord]:
        return await self._instalments.pages("schedule", ids, by("schedule_id"))

    async def policies_by_id(self, ids: Keys) -> Found[PolicyRecord]:
        return await self._policies.get("id", ids, _id)

    async def policies_by_number(self, numbers: Keys) -> Found[PolicyRecord]:
        return await self._policies.get("number", numbers, _number)

    async def policies_by_contract(self, ids: Keys) -> Pages[PolicyRecord]:
        return await self._policies.pages("contract", ids, by("contract_id"))
