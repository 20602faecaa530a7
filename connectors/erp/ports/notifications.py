"""Notifications: what clients were told."""

from typing import Protocol

from connectors.erp.port import ErpPart, Found, Keys, Pages
from connectors.erp.queries import NotificationFilter, Slice
from connectors.erp.records.notification import NotificationRecord


class NotificationPort(ErpPart, Protocol):
    """Notifications to clients. Invoices are known here by their numbers."""

    async def notifications_by_id(self, ids: Keys) -> Found[NotificationRecord]:
        """Notifications by the ERP's id."""

    async def notifications_by_client(
        self, numbers: Keys, where: NotificationFilter, part: Slice
    ) -> Pages[NotificationRecord]:
        """Notifications of each client, newest first."""

    async def notification_counts_by_client(self, numbers: Keys, where: NotificationFilter) -> list[int]:
        """How many notifications of each client meet the conditions."""
