"""Clients over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import ClientFilter, Slice
from connectors.erp.records.client import ClientRecord
from connectors.erp.rest.collection import Asked, Collection, every
from connectors.http import UpstreamClient

_number = by("number")


class RestClients:
    """See `connectors.erp.ports.clients.ClientPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._clients = Collection(http, "clients", "client", ClientRecord)

    def clients_by_number(self, numbers: Keys) -> Asked[Found[ClientRecord]]:
        return self._clients.get("number", numbers, _number)

    def all_clients(self, keys: Keys, where: ClientFilter, part: Slice) -> Asked[Pages[ClientRecord]]:
        return self._clients.pages("all", keys, every, part, where)

    def all_client_counts(self, keys: Keys, where: ClientFilter) -> Asked[list[int]]:
        return self._clients.count("all", keys, where)
