"""A whole ERP over the REST contract: each method is one call."""

import msgspec

from connectors.erp.changes import Change, Changes
from connectors.erp.rest.books import RestBooks
from connectors.erp.rest.clients import RestClients
from connectors.erp.rest.contracts import RestContracts
from connectors.erp.rest.notifications import RestNotifications
from connectors.erp.rest.promotions import RestPromotions
from connectors.erp.rest.requests import RestRequests
from connectors.erp.rest.users import RestAccounts
from connectors.erp.rest.writing import read
from connectors.health import check_health
from connectors.http import UpstreamClient


class _Feed(msgspec.Struct):
    items: tuple[Change, ...]
    next: int


class RestErp(
    RestClients,
    RestAccounts,
    RestContracts,
    RestBooks,
    RestRequests,
    RestPromotions,
    RestNotifications,
):
    """See `connectors.erp.ports` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        RestClients.__init__(self, http)
        RestAccounts.__init__(self, http)
        RestContracts.__init__(self, http)
        RestBooks.__init__(self, http)
        RestRequests.__init__(self, http)
        RestPromotions.__init__(self, http)
        RestNotifications.__init__(self, http)
        self.system = http.system
        self._http = http
        self._feed = msgspec.json.Decoder(_Feed)

    async def changes(self, after: int, limit: int) -> Changes:
        answer = await self._http.get(f"/v1/changes?after={after}&limit={limit}")
        found = read(self._http, self._feed, answer)
        return Changes(found.items, found.next, found.next < after)

    async def health(self) -> None:
        check_health(self.system, await self._http.probe("/v1/health"))
