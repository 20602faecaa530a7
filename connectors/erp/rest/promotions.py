"""Promotions over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Keys, Pages
from connectors.erp.records.promotion import PromotionRecord
from connectors.erp.rest.collection import Asked, Collection
from connectors.http import UpstreamClient

_client = by("client_number")


class RestPromotions:
    """See `connectors.erp.ports.promotions.PromotionPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._promotions = Collection(http, "promotions", "promotion", PromotionRecord)

    def promotions_by_client(self, numbers: Keys) -> Asked[Pages[PromotionRecord]]:
        return self._promotions.pages("client", numbers, _client)
