"""Clients: who they are."""

from typing import Protocol

from connectors.erp.port import ErpPart, Found, Keys, Pages
from connectors.erp.queries import ClientFilter, Slice
from connectors.erp.records.client import ClientRecord


class ClientPort(ErpPart, Protocol):
    """The clients of the leasing company. Their numbers are what other systems know them by."""

    async def clients_by_number(self, numbers: Keys) -> Found[ClientRecord]:
        """Clients by client number."""

    async def all_clients(self, keys: Keys, where: ClientFilter, part: Slice) -> Pages[ClientRecord]:
        """Clients by client number."""

    async def all_client_counts(self, keys: Keys, where: ClientFilter) -> list[int]:
        """How many clients meet the conditions."""
