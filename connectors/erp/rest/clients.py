"""Clients over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import ClientFilter, Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.rest.collection import Collection, every
from connectors.http import UpstreamClient

_number = by("number")


class RestClients:
    """See `connectors.erp.ports.clients.ClientPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._clients = Collection(http, "clients", "client", ClientRecord)

    async def clients_by_number(self, numbers: Keys) -> Found[ClientRecord]:
        return await self._clients.get("number", numbers, _number)

    async def all_clients(self, keys: Keys, where: ClientFilter, part: Slice) -> Pages[ClientRecord]:
        return await self._clients.pages("all", keys, every, part, where)

    async def all_client_counts(self, keys: Keys, where: ClientFilter) -> list[int]:
        return await self._clients.count("all", keys, where)
