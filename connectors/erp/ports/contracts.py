"""Contracts: what is leased, by which schedule, how it is insured."""

from typing import Protocol

from connectors.erp.port import ErpPart, Found, Keys, Pages
from connectors.erp.queries import ContractFilter, Slice
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord


class ContractPort(ErpPart, Protocol):
    """Contracts, their schedules and their policies. Their numbers are what other systems know them by."""

    async def contracts_by_id(self, ids: Keys) -> Found[ContractRecord]:
        """Contracts by the ERP's id."""

    async def contracts_by_number(self, numbers: Keys) -> Found[ContractRecord]:
        """Contracts by contract number."""

    async def contracts_by_client(
        self, numbers: Keys, where: ContractFilter, part: Slice
    ) -> Pages[ContractRecord]:
        """Contracts of each client, by start date and id, newest first."""

    async def contract_counts_by_client(self, numbers: Keys, where: ContractFilter) -> list[int]:
        """How many contracts of each client meet the conditions."""

    async def all_contracts(self, keys: Keys, where: ContractFilter, part: Slice) -> Pages[ContractRecord]:
        """Contracts of all clients, by start date and id, newest first."""

    async def all_contract_counts(self, keys: Keys, where: ContractFilter) -> list[int]:
        """How many contracts of all clients meet the conditions."""

    async def schedules_by_id(self, ids: Keys) -> Found[ScheduleRecord]:
        """Schedule versions by the ERP's id."""

    async def schedules_by_contract(self, ids: Keys) -> Pages[ScheduleRecord]:
        """All schedule versions of each contract, newest first."""

    async def instalments_by_schedule(self, ids: Keys) -> Pages[InstalmentRecord]:
        """All instalments of each schedule version, by number."""

    async def policies_by_id(self, ids: Keys) -> Found[PolicyRecord]:
        """Policies by the ERP's id."""

    async def policies_by_number(self, numbers: Keys) -> Found[PolicyRecord]:
        """Policies by policy number."""

    async def policies_by_contract(self, ids: Keys) -> Pages[PolicyRecord]:
        """All policies of each contract, the one that ends last first."""
