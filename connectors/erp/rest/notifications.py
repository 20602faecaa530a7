"""Notifications over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import NotificationFilter, Slice
from connectors.erp.records.notification import NotificationRecord
from connectors.erp.rest.collection import Collection
from connectors.http import UpstreamClient

_id = by("id")
_client = by("client_number")


class RestNotifications:
    """See `connectors.erp.ports.notifications.NotificationPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        self._notifications = Collection(http, "notifications", "notification", NotificationRecord)

    async def notifications_by_id(self, ids: Keys) -> Found[NotificationRecord]:
        return await self._notifications.get("id", ids, _id)

    async def notifications_by_client(
        self, numbers: Keys, where: NotificationFilter, part: Slice
    ) -> Pages[NotificationRecord]:
        return await self._notifications.pages("client", numbers, _client, part, where)

    async def notification_counts_by_client(self, numbers: Keys, where: NotificationFilter) -> list[int]:
        return await self._notifications.count("client", numbers, where)
