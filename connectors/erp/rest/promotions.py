"""Promotions over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Keys, Pages
from connectors.erp.records.promotion import PromotionRecord
from connectors.erp.rest.collection import Collection
from connectors.http import UpstreamClient

_client = by("client_number")


class RestPromotions:
    """See `connectors.erp.ports.promotions.PromotionPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._promotions = Collection(http, "promotions", "promotion", PromotionRecord)

    async def promotions_by_client(self, numbers: Keys) -> Pages[PromotionRecord]:
        return await self._promotions.pages("client", numbers, _client)
