"""Promotions: what the leasing company offers to a client."""

from typing import Protocol

from connectors.erp.port import ErpPart, Keys, Pages
from connectors.erp.records.promotion import PromotionRecord


class PromotionPort(ErpPart, Protocol):
    """Promotions as one client is shown them."""

    async def promotions_by_client(self, numbers: Keys) -> Pages[PromotionRecord]:
        """All promotions for each client that are valid on the ERP's day, the most important first."""
